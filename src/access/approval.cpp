// SPDX-License-Identifier: Apache-2.0
#include "access/approval.hpp"

namespace watthour::access {

ApprovalId approval_id(const Approval& approval, std::int64_t number) {
    return {id_from_key("approval", approval.use_case + "|" + std::to_string(approval.account) +
                                        "|" + approval.maker + "|" + std::to_string(number) + "|" +
                                        approval.parameters)};
}

}  // namespace watthour::access
