// SPDX-License-Identifier: Apache-2.0
#include "documents/pdf_finish.hpp"

#include "base/check.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <zlib.h>

namespace watthour::documents {
namespace {

struct Object {
    std::size_t number = 0;
    std::string_view body;  ///< between "obj" and "endobj"
};

struct Place {
    bool packed = false;
    std::size_t offset = 0;  ///< in the file, or index in the object stream
};

std::size_t number_at(std::string_view text, std::size_t at) {
    std::size_t end = text.find_first_of("0123456789", at);
    WH_CHECK(end != std::string_view::npos, "a number is missing in the PDF");
    std::size_t value = 0;
    for (; end < text.size() && text[end] >= '0' && text[end] <= '9'; ++end)
        value = value * 10 + static_cast<std::size_t>(text[end] - '0');
    return value;
}

/// The number after a name such as "/Root".
std::size_t reference(std::string_view text, std::string_view name) {
    const std::size_t at = text.find(name);
    WH_CHECK(at != std::string_view::npos, "no " + std::string(name) + " in the PDF");
    return number_at(text, at + name.size());
}

std::vector<Object> objects_of(std::string_view pdf, std::size_t table) {
    // "xref\n0 count\n", then lines of 20 bytes.
    const std::size_t count = number_at(pdf, table + 6);
    const std::size_t first = pdf.find('\n', table + 5) + 1;
    std::vector<std::pair<std::size_t, std::size_t>> starts;
    for (std::size_t i = 1; i < count; ++i) {
        const std::string_view row = pdf.substr(first + i * 20, 20);
        if (row[17] == 'n') starts.emplace_back(number_at(row, 0), i);
    }
    std::sort(starts.begin(), starts.end());
    std::vector<Object> objects;
    objects.reserve(starts.size());
    for (std::size_t i = 0; i < starts.size(); ++i) {
        const std::size_t end = i + 1 < starts.size() ? starts[i + 1].first : table;
        std::string_view whole = pdf.substr(starts[i].first, end - starts[i].first);
        const std::size_t begin = whole.find("obj") + 3;
        const std::size_t stop = whole.rfind("endobj");
        WH_CHECK(stop != std::string_view::npos, "an object of the PDF has no end");
        objects.push_back({starts[i].second, trimmed(whole.substr(begin, stop - begin))});
    }
    return objects;
}

std::string deflated(std::string_view bytes) {
    uLongf size = compressBound(bytes.size());
    std::string out(size, '\0');
    const int status = compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                                 reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), 4);
    WH_CHECK(status == Z_OK, "compression failed");
    out.resize(size);
    return out;
}

/// A text string as UTF-16 in hex, safe for every character.
std::string text_string(std::string_view utf8) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out = "<FEFF";
    const auto put = [&](std::uint32_t unit) {
        for (int shift = 12; shift >= 0; shift -= 4) out += hex[(unit >> shift) & 15U];
    };
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        std::uint32_t code = size == 1 ? lead : lead & (0xFFU >> (size + 1));
        for (std::size_t k = 1; k < size && i + k < utf8.size(); ++k)
            code = (code << 6U) | (static_cast<unsigned char>(utf8[i + k]) & 0x3FU);
        i += size;
        if (code < 0x10000) {
            put(code);
        } else {
            put(0xD800 + ((code - 0x10000) >> 10U));
            put(0xDC00 + ((code - 0x10000) & 0x3FFU));
        }
    }
    return out + ">";
}

std::string xml_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else
            out += c;
    }
    return out;
}

std::string metadata(const PdfFacts& facts) {
    const std::string language(facts.language);
    return "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
           "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
           "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
           "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
           "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">" +
           xml_text(facts.title) + "</rdf:li></rdf:Alt></dc:title><dc:language><rdf:Bag><rdf:li>" +
           language +
           "</rdf:li></rdf:Bag></dc:language></rdf:Description></rdf:RDF></x:xmpmeta>"
           "<?xpacket end=\"r\"?>";
}

class Finisher {
public:
    Finisher(std::string_view pdf, const PdfFacts& facts) : facts_(facts) {
        const std::size_t table = number_at(pdf, pdf.rfind("startxref"));
        const std::string_view trailer = pdf.substr(pdf.rfind("trailer"));
        root_ = reference(trailer, "/Root");
        info_ = reference(trailer, "/Info");
        objects_ = objects_of(pdf, table);
        size_ = reference(trailer, "/Size");
    }

    std::string run() {
        const std::size_t metadata_number = size_++;
        metadata_ = std::to_string(metadata_number);
        places_.resize(size_ + 2);
        out_ = "%PDF-1.5\n%\xB5\xED\xAE\xFB\n";
        for (const Object& object : objects_) {
            if (is_stream(object))
                put_stream(object);
            else if (!is_length(object))
                pack(object);
        }
        const std::string xmp = metadata(facts_);
        put(metadata_number, "<< /Type /Metadata /Subtype /XML /Length " +
                                 std::to_string(xmp.size()) + " >>\nstream\n" + xmp +
                                 "\nendstream");
        put_packed();
        put_table();
        return std::move(out_);
    }

private:
    static bool is_stream(const Object& object) { return object.body.ends_with("endstream"); }
    /// A bare number: the length of the stream before it.
    static bool is_length(const Object& object) { return all_digits(object.body); }

    void put(std::size_t number, std::string_view body) {
        places_[number] = {false, out_.size()};
        out_ += std::to_string(number);
        out_ += " 0 obj\n";
        out_ += body;
        out_ += "\nendobj\n";
    }

    /// With its length written in, so that the object of the length can go.
    void put_stream(const Object& object) {
        const std::size_t at = object.body.find("/Length ");
        const std::size_t number_begin = at + 8;
        const std::size_t number_end = object.body.find_first_not_of("0123456789", number_begin);
        if (!object.body.substr(number_end).starts_with(" 0 R")) {
            put(object.number, object.body);
            return;
        }
        const std::size_t target = number_at(object.body, number_begin);
        std::string body(object.body.substr(0, number_begin));
        for (const Object& other : objects_)
            if (other.number == target) body += other.body;
        body += object.body.substr(number_end + 4);
        put(object.number, body);
    }

    void pack(const Object& object) {
        places_[object.number] = {true, packed_count_++};
        packed_heads_ += std::to_string(object.number) + " " + std::to_string(packed_.size()) + " ";
        if (object.number == root_)
            packed_ += completed_root(object.body);
        else if (object.body.substr(0, 32).find("/StructElem") != std::string_view::npos)
            packed_ += completed_element(object.body);
        else
            packed_ += object.body;
        packed_ += '\n';
    }

    std::string completed_root(std::string_view body) const {
        std::string out(body.substr(0, body.rfind(">>")));
        out += "/Lang (" + std::string(facts_.language) + ") /Metadata " + metadata_ +
               " 0 R /ViewerPreferences << /DisplayDocTitle true >>";
        if (body.find("/MarkInfo") == std::string_view::npos)
            out += " /MarkInfo << /Marked true >>";
        return out + " >>";
    }

    std::string completed_element(std::string_view body) {
        std::string out(body);
        const auto after = [&out](std::string_view name, const std::string& text) {
            const std::size_t at = std::string_view(out).substr(0, 64).find(name);
            if (at == std::string::npos) return false;
            out.insert(at + name.size(), text);
            return true;
        };
        if (after("/S /TH", " /A << /O /Table /Scope /Column >>")) return out;
        if (figure_ < facts_.figure_texts.size() &&
            after("/S /Figure", " /Alt " + text_string(facts_.figure_texts[figure_])))
            ++figure_;
        return out;
    }

    void put_packed() {
        const std::string bytes = deflated(packed_heads_ + packed_);
        put(size_++, "<< /Type /ObjStm /N " + std::to_string(packed_count_) + " /First " +
                         std::to_string(packed_heads_.size()) + " /Filter /FlateDecode /Length " +
                         std::to_string(bytes.size()) + " >>\nstream\n" + bytes + "\nendstream");
    }

    void put_table() {
        const std::size_t packed_number = size_ - 1;
        const std::size_t table_number = size_++;
        const std::size_t start = out_.size();
        places_[table_number] = {false, start};
        std::string rows;
        const auto row = [&rows](unsigned type, std::size_t field, std::size_t last) {
            rows += static_cast<char>(type);
            for (int shift = 16; shift >= 0; shift -= 8)
                rows += static_cast<char>((field >> shift) & 0xFFU);
            rows += static_cast<char>((last >> 8U) & 0xFFU);
            rows += static_cast<char>(last & 0xFFU);
        };
        for (std::size_t i = 0; i < size_; ++i) {
            const Place& place = places_[i];
            if (place.packed)
                row(2, packed_number, place.offset);
            else if (place.offset != 0)
                row(1, place.offset, 0);
            else
                row(0, 0, i == 0 ? 65535 : 0);
        }
        const std::string bytes = deflated(rows);
        const std::string id = "<" + sha256_hex(out_).substr(0, 32) + ">";
        put(table_number, "<< /Type /XRef /W [1 3 2] /Size " + std::to_string(size_) + " /Root " +
                              std::to_string(root_) + " 0 R /Info " + std::to_string(info_) +
                              " 0 R /ID [" + id + id + "] /Filter /FlateDecode /Length " +
                              std::to_string(bytes.size()) + " >>\nstream\n" + bytes +
                              "\nendstream");
        out_ += "startxref\n" + std::to_string(start) + "\n%%EOF\n";
    }

    const PdfFacts& facts_;
    std::vector<Object> objects_;
    std::size_t root_ = 0;
    std::size_t info_ = 0;
    std::size_t size_ = 0;
    std::string metadata_;
    std::vector<Place> places_;
    std::string out_;
    std::string packed_heads_;
    std::string packed_;
    std::size_t packed_count_ = 0;
    std::size_t figure_ = 0;
};

}  // namespace

std::string finish_pdf(std::string_view cairo_pdf, const PdfFacts& facts) {
    return Finisher(cairo_pdf, facts).run();
}

}  // namespace watthour::documents
