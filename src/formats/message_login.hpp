// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace watthour::formats {

/// What a sender shows the other side inside a message. Readers never take it over.
struct MessageLogin {
    std::string user;  ///< "" = the message carries none
    std::string password;
};

}  // namespace watthour::formats
