// SPDX-License-Identifier: Apache-2.0
#include "documents/code128.hpp"

#include "base/check.hpp"

#include <zint.h>

#include <memory>
#include <string>

namespace watthour::documents {

std::vector<bool> code128_modules(std::string_view ascii) {
    const std::unique_ptr<zint_symbol, void (*)(zint_symbol*)> symbol(ZBarcode_Create(),
                                                                      ZBarcode_Delete);
    WH_CHECK(symbol != nullptr, "zint has no memory");
    symbol->symbology = BARCODE_CODE128;
    const std::string text(ascii);
    const int status =
        ZBarcode_Encode(symbol.get(), reinterpret_cast<const unsigned char*>(text.data()),
                        static_cast<int>(text.size()));
    WH_CHECK(status < ZINT_ERROR, symbol->errtxt);
    std::vector<bool> modules(static_cast<std::size_t>(symbol->width));
    for (std::size_t i = 0; i < modules.size(); ++i)
        modules[i] = ((symbol->encoded_data[0][i / 8] >> (i % 8)) & 1) != 0;
    return modules;
}

}  // namespace watthour::documents
