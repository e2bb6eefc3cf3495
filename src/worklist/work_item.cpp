// SPDX-License-Identifier: Apache-2.0
#include "worklist/work_item.hpp"

namespace watthour::worklist {

WorkItemId work_item_id(const std::string& kind, std::int64_t account, const std::string& subject) {
    return {id_from_key("work_item", kind + "|" + std::to_string(account) + "|" + subject)};
}

}  // namespace watthour::worklist
