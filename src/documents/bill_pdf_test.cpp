// SPDX-License-Identifier: Apache-2.0
#include "documents/bill_pdf.hpp"

#include "documents/bill_samples.hpp"
#include "documents/format.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace watthour::documents {
namespace {

using testing::HasSubstr;

/// The text in the order in which it was drawn, which is the reading order.
std::string text_of(const std::string& pdf) {
    std::string path = (std::filesystem::temp_directory_path() / "bill-XXXXXX").string();
    const int file = mkstemp(path.data());
    EXPECT_GE(file, 0);
    std::ofstream(path, std::ios::binary) << pdf;
    std::string text;
    FILE* pipe = popen(("pdftotext -raw -enc UTF-8 " + path + " -").c_str(), "r");
    std::array<char, 4096> block{};
    for (std::size_t n = 0; (n = fread(block.data(), 1, block.size(), pipe)) > 0;)
        text.append(block.data(), n);
    EXPECT_EQ(pclose(pipe), 0) << "pdftotext of poppler-utils is needed";
    std::filesystem::remove(path);
    return text;
}

/// All the texts are there, one after the other.
void expect_in_order(const std::string& text, const std::vector<std::string>& wanted) {
    std::size_t at = 0;
    for (const std::string& one : wanted) {
        const std::size_t found = text.find(one, at);
        EXPECT_NE(found, std::string::npos) << one << " is missing or too early in\n" << text;
        if (found != std::string::npos) at = found + one.size();
    }
}

std::size_t pages_of(const std::string& pdf) {
    QPDF read;
    read.processMemoryFile("bill", pdf.data(), pdf.size());
    return read.getAllPages().size();
}

std::vector<BillPage> all_samples() {
    return {tiered_sample(),  tou_sample(),    demand_sample(),
            autopay_sample(), credit_sample(), long_text_sample()};
}

TEST(BillPdf, shows_what_is_owed_used_and_how_it_came_about_in_english) {
    const BillPage page = tiered_sample();
    const std::string text = text_of(render_bill_pdf(page));
    expect_in_order(text, {"City of Valdoro Electric Utility",
                           "Electric bill",
                           "Amelia Whitcomb",
                           "Amount due",
                           format_money(page.amount_due),
                           "Due by July 3, 2026",
                           "Account number",
                           "10000000017",
                           "2418 Cottonwood Avenue",
                           "R-1",
                           "May 10 – June 8, 2026",
                           "30 days",
                           "How your charges came about",
                           "Electric charges",
                           "Customer charge",
                           "30 days of service, one whole month",
                           "1 month × $18.50",
                           "$18.50",
                           "Energy tier 1",
                           "May 10 – May 31",
                           "231 kWh × $0.14210",
                           "$32.83",
                           "Energy Assistance Program discount",
                           "-$19.74",
                           "Taxes and surcharges",
                           "City utility users tax",
                           "Fees",
                           "Current charges",
                           format_money(page.current_charges),
                           "Meter reads",
                           "VE4410233",
                           "actual",
                           "48,211",
                           "48,864",
                           "× 1",
                           "653",
                           "Previous balance",
                           "$120.44",
                           "Payments",
                           "-$120.44",
                           "by mail",
                           "Your electricity use",
                           "653 kWh in 30 days",
                           "Use per day",
                           "21.8",
                           "5% less per day than a year ago.",
                           "How to pay",
                           "electric.valdoro.example",
                           "Messages",
                           "Your programs: EAP",
                           "Thank you for your payment.",
                           "Questions or a dispute",
                           "To dispute this bill call within 5 days of",
                           "Amount enclosed",
                           page.scan_line});
}

TEST(BillPdf, is_spanish_throughout) {
    const BillPage page = tou_sample();
    const std::string text = text_of(render_bill_pdf(page));
    expect_in_order(text, {"Factura de electricidad",
                           "María Fernanda Muñoz Ibáñez",
                           "Cantidad a pagar",
                           format_money(page.amount_due),
                           "Fecha de vencimiento: 3 de julio de 2026",
                           "Número de cuenta",
                           "10 de mayo – 8 de junio de 2026",
                           "30 días",
                           "Cómo se calcularon sus cargos",
                           "Energía en horas de alto consumo",
                           "141.3 kWh × $0.31250",
                           "$44.16",
                           "Impuestos y recargos",
                           "Impuesto municipal a usuarios de servicios públicos",
                           "Cargos actuales",
                           "Lecturas del medidor",
                           "intervalos",
                           "Saldo anterior",
                           "Pago devuelto",
                           "Su consumo de electricidad",
                           "Cuándo lo usó",
                           "Alto consumo",
                           "141.3 kWh (13%)",
                           "Cómo pagar",
                           "Para disputar esta factura, llame dentro de los 5",
                           page.scan_line});
    for (const std::string english : {"Amount", "Due ", "bill", "Charge", "Energy", "Payment"})
        EXPECT_THAT(text, testing::Not(HasSubstr(english)));
}

TEST(BillPdf, tells_who_is_drafted_not_to_pay) {
    BillPage page = autopay_sample();
    std::string text = text_of(render_bill_pdf(page));
    EXPECT_THAT(text, HasSubstr("Pago automático el 3 de julio de 2026"));
    EXPECT_THAT(text, HasSubstr("No pague. Retiraremos esta cantidad de su cuenta bancaria."));
    page.language = Language::english;
    text = text_of(render_bill_pdf(page));
    EXPECT_THAT(text, HasSubstr("Automatic payment on July 3, 2026"));
    EXPECT_THAT(text, HasSubstr("Do not pay."));
    EXPECT_THAT(text, testing::Not(HasSubstr("Amount enclosed")));
}

TEST(BillPdf, asks_nothing_of_who_has_a_credit) {
    const BillPage page = credit_sample();
    const std::string text = text_of(render_bill_pdf(page));
    EXPECT_THAT(text, HasSubstr("No payment due"));
    EXPECT_THAT(text, HasSubstr(format_money(page.amount_due.magnitude())));
    EXPECT_THAT(text, testing::Not(HasSubstr("Amount enclosed")));
    EXPECT_THAT(text, testing::Not(HasSubstr("Due by")));
}

TEST(BillPdf, says_that_a_read_was_estimated) {
    const std::string text = text_of(render_bill_pdf(demand_sample()));
    EXPECT_THAT(text, HasSubstr("This bill is based on an estimated read."));
    EXPECT_THAT(text, HasSubstr("212.4 kW × $13.85"));
    EXPECT_THAT(text, HasSubstr("Includes $832.10 from earlier bills."));
}

TEST(BillPdf, keeps_long_texts_whole) {
    const BillPage page = long_text_sample();
    const std::string pdf = render_bill_pdf(page);
    std::string text = text_of(pdf);
    std::replace(text.begin(), text.end(), '\n', ' ');
    EXPECT_EQ(pages_of(pdf), 2u);
    EXPECT_THAT(text, HasSubstr(page.customer_name));
    EXPECT_THAT(text, HasSubstr(page.mailing_address[0]));
    EXPECT_THAT(text, HasSubstr("Más mensajes en la página siguiente."));
    EXPECT_THAT(text, HasSubstr("Página 2 de 2"));
}

TEST(BillPdf, fits_22_lines_on_one_page_and_goes_on_after) {
    EXPECT_EQ(pages_of(render_bill_pdf(many_lines_sample(22))), 1u);
    const std::string pdf = render_bill_pdf(many_lines_sample(90));
    EXPECT_EQ(pages_of(pdf), 2u);
    EXPECT_EQ(pages_of(render_bill_pdf(many_lines_sample(140))), 3u);
    const std::string text = text_of(pdf);
    std::size_t lines = 0;
    for (std::size_t at = text.find("$32.83"); at != std::string::npos;
         at = text.find("$32.83", at + 1))
        ++lines;
    EXPECT_EQ(lines, 79u);
    EXPECT_THAT(text, HasSubstr("Your charges, continued"));
}

TEST(BillPdf, is_tagged_with_language_title_and_texts_for_figures) {
    for (const BillPage& page : all_samples()) {
        const std::string pdf = render_bill_pdf(page);
        QPDF read;
        read.processMemoryFile("bill", pdf.data(), pdf.size());
        EXPECT_TRUE(read.getWarnings().empty());
        QPDFObjectHandle root = read.getRoot();
        EXPECT_EQ(root.getKey("/Lang").getUTF8Value(),
                  page.language == Language::spanish ? "es-US" : "en-US");
        EXPECT_TRUE(root.getKey("/MarkInfo").getKey("/Marked").getBoolValue());
        EXPECT_TRUE(root.getKey("/ViewerPreferences").getKey("/DisplayDocTitle").getBoolValue());
        EXPECT_THAT(read.getTrailer().getKey("/Info").getKey("/Title").getUTF8Value(),
                    HasSubstr(page.bill_number));
        std::vector<std::string> figures;
        std::size_t heads = 0;
        for (QPDFObjectHandle object : read.getAllObjects()) {
            if (!object.isDictionary() || !object.getKey("/S").isName()) continue;
            if (object.getKey("/S").getName() == "/TH" && object.hasKey("/A")) ++heads;
            if (object.getKey("/S").getName() == "/Figure")
                figures.push_back(object.getKey("/Alt").getUTF8Value());
        }
        EXPECT_GE(heads, 3u);
        ASSERT_FALSE(figures.empty());
        const bool spanish = page.language == Language::spanish;
        EXPECT_THAT(figures, testing::Contains(
                                 HasSubstr(spanish ? "Gráfica de barras" : "Bar chart of your")));
    }
}

TEST(BillPdf, gives_the_same_bytes_each_time_on_every_thread) {
    const std::vector<BillPage> samples = all_samples();
    std::vector<std::string> first;
    for (const BillPage& page : samples) {
        first.push_back(render_bill_pdf(page));
        EXPECT_LE(first.back().size(), 40'000u);
    }
    const auto again = [&] {
        for (int round = 0; round < 25; ++round)
            for (std::size_t i = 0; i < samples.size(); ++i)
                ASSERT_EQ(render_bill_pdf(samples[i]), first[i]);
    };
    std::thread one(again);
    std::thread two(again);
    one.join();
    two.join();
}

TEST(BillPdf, writes_letters_that_its_font_lacks) {
    BillPage page = tiered_sample();
    page.customer_name = "Zoë Δημήτρης Łukasiewicz";
    EXPECT_THAT(text_of(render_bill_pdf(page)), HasSubstr("Zoë Δημήτρης Łukasiewicz"));
    page.customer_name = "Name with a \xE6\x9D\x8E";
    EXPECT_FALSE(render_bill_pdf(page).empty());
}

}  // namespace
}  // namespace watthour::documents
