// SPDX-License-Identifier: Apache-2.0
#include "sample/names.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace watthour::sample {
namespace {

using Words = std::string_view;

constexpr auto english_first = std::to_array<Words>(
    {"Alice",   "Benjamin", "Carol",     "Daniel",  "Edith", "Franklin", "Grace",  "Harold",
     "Irene",   "Jasper",   "Katherine", "Leonard", "Mabel", "Nathan",   "Olive",  "Patrick",
     "Quentin", "Ruth",     "Samuel",    "Theresa", "Umar",  "Violet",   "Walter", "Yvonne",
     "Mei",     "Arjun",    "Linh",      "Priya",   "Kenji", "Fatima",   "Noah",   "Hannah",
     "Dmitri",  "Amara",    "Winston",   "Joyce"});
constexpr auto english_last = std::to_array<Words>(
    {"Abernathy", "Bellweather", "Calloway", "Dunmore",   "Eastlake", "Fairbanks",    "Garrison",
     "Holloway",  "Inglewood",   "Jessup",   "Kettering", "Lockhart", "Merriweather", "Northcott",
     "Oakley",    "Pemberton",   "Quimby",   "Ridgeway",  "Stanhope", "Thackeray",    "Underhill",
     "Vance",     "Whitlock",    "Yarrow",   "Nguyen",    "Patel",    "Tanaka",       "Okafor",
     "Petrosyan", "Lindqvist",   "Haddad",   "Castellano"});
constexpr auto spanish_first = std::to_array<Words>(
    {"María",      "José",    "Lucía",   "Andrés", "Guadalupe", "Ramón", "Inés",  "Joaquín",
     "Verónica",   "Héctor",  "Rosalía", "Tomás",  "Mónica",    "Rubén", "Sofía", "Adrián",
     "Concepción", "Raúl",    "Belén",   "Martín", "Ángela",    "Óscar", "Noemí", "Simón",
     "Graciela",   "Ignacio", "Marisol", "Efraín", "Beatriz",   "Iván"});
constexpr auto spanish_last = std::to_array<Words>(
    {"Quintero", "Lara",      "Muñoz",   "Ibáñez",   "Peña",     "Ávila",    "Córdova",
     "Durán",    "Escamilla", "Fuentes", "Galván",   "Herrera",  "Jáuregui", "Leyva",
     "Montaño",  "Núñez",     "Ocampo",  "Palacios", "Rentería", "Sandoval", "Treviño",
     "Urías",    "Valdés",    "Yáñez",   "Zúñiga",   "Bermúdez", "Carrillo", "Becerra"});
constexpr auto streets = std::to_array<Words>(
    {"Acequia Street",   "Alameda Real",     "Almond Way",      "Arroyo Seco Drive",
     "Bluebird Lane",    "Calle Dorada",     "Calle del Pozo",  "Camino Viejo",
     "Canal Street",     "Carob Court",      "Chaparral Road",  "Citrus Avenue",
     "Copper Street",    "Cottonwood Drive", "Depot Street",    "Dovecote Lane",
     "El Molino Avenue", "Fig Tree Lane",    "Foundry Road",    "Garnet Street",
     "Granary Street",   "Heron Way",        "Hidalgo Street",  "Ironwood Court",
     "Jacaranda Street", "Juniper Street",   "Kiln Road",       "La Loma Drive",
     "Lantern Street",   "Lupine Way",       "Magnolia Avenue", "Manzanita Street",
     "Mesa Verde Road",  "Mill Race Lane",   "Mission Street",  "Mulberry Street",
     "Nopal Street",     "Oleander Drive",   "Orchard Avenue",  "Palo Verde Street",
     "Paseo del Sol",    "Pepper Tree Lane", "Persimmon Court", "Pioneer Street",
     "Plaza Street",     "Poppy Lane",       "Quarry Road",     "Quince Street",
     "Railroad Avenue",  "Rancho Road",      "Sagebrush Way",   "San Tadeo Street",
     "Sycamore Street",  "Tamarisk Street",  "Toyon Drive",     "Vineyard Road",
     "Walnut Street",    "Water Street",     "Windmill Road",   "Yucca Street"});
constexpr auto trades = std::to_array<Words>(
    {"Bakery", "Auto Repair", "Hardware", "Dental Care", "Laundry", "Bookshop", "Print Shop",
     "Veterinary Clinic", "Market", "Florist", "Machine Works", "Cold Storage", "Coffee House",
     "Bicycle Shop", "Upholstery", "Pharmacy", "Music School", "Packing House"});
constexpr auto spanish_trades = std::to_array<Words>(
    {"Panadería La Espiga", "Taquería El Molino", "Carnicería Los Dos Hermanos",
     "Tortillería Santa Inés", "Lavandería La Plaza", "Ferretería El Yunque", "Mueblería Valdoro",
     "Frutería La Huerta"});
constexpr auto public_bodies =
    std::to_array<Words>({"Library Branch", "Fire Station", "Pump Station", "Community Center",
                          "Park Restrooms", "Corporation Yard", "Water Tank"});

}  // namespace

HouseholdName household_name(Chance& chance) {
    if (chance.percent(30)) {
        const Words first = chance.one_of(spanish_first);
        const Words father = chance.one_of(spanish_last);
        return {fmt::format("{} {} {}", first, father, chance.one_of(spanish_last)), "es"};
    }
    const Words first = chance.one_of(english_first);
    return {fmt::format("{} {}", first, chance.one_of(english_last)), "en"};
}

HouseholdName business_name(Chance& chance) {
    if (chance.percent(20)) return {std::string(chance.one_of(spanish_trades)), "es"};
    const Words owner = chance.percent(50) ? chance.one_of(english_last) : chance.one_of(streets);
    return {fmt::format("{} {}", owner, chance.one_of(trades)), "en"};
}

std::string public_body_name(Chance& chance) {
    const Words body = chance.one_of(public_bodies);
    return fmt::format("City of Valdoro, {} {}", body, chance.between(1, 30));
}

StreetAddress street_address(int place, Chance& chance) {
    // A reader walks twelve doors of one street, then turns into the next one; when all streets
    // are used he comes back to their next hundred. Doors are 8 apart, so that the even offset
    // below never meets a neighbour.
    constexpr int doors = 12;
    const int block = place / doors;
    const int street = block % static_cast<int>(streets.size());
    const int hundred = 1 + (street * 7) % 11 + block / static_cast<int>(streets.size());
    const int number = hundred * 100 + (place % doors) * 8 + 2 * chance.between(0, 4);
    StreetAddress address;
    address.street = fmt::format("{} {}", number, streets[static_cast<std::size_t>(street)]);
    if (chance.percent(14)) address.unit = fmt::format("Apt {}", chance.between(1, 25));
    return address;
}

}  // namespace watthour::sample
