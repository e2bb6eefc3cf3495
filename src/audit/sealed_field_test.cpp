// SPDX-License-Identifier: Apache-2.0
#include "audit/sealed_field.hpp"

#include "audit/errors.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace watthour::audit {
namespace {

TEST(SealedField, OpensOnlyInItsOwnRowAndUnchanged) {
    const std::string path = testing::TempDir() + "/watthour-sealed-field.key";
    std::filesystem::remove(path);
    const FieldKey key = *FieldKey::load_or_create(path);
    const std::string sealed = key.seal("000123456789", "bank_mandates|10000000017");
    EXPECT_EQ(sealed.find("123456789"), std::string::npos);
    EXPECT_EQ(*key.open(sealed, "bank_mandates|10000000017"), "000123456789");
    EXPECT_FALSE(key.open(sealed, "bank_mandates|10000000026"));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(key.open(changed, "bank_mandates|10000000017"));
    }
    const FieldKey again = *FieldKey::load_or_create(path);
    EXPECT_TRUE(again.open(sealed, "bank_mandates|10000000017"));
    EXPECT_EQ(last_four("000123456789"), "•••6789");
    EXPECT_EQ(last_four("123"), "•••");
}

}  // namespace
}  // namespace watthour::audit
