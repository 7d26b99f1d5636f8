//! Vehicles, objects, phones and accounts, organisations.

use super::numbers;
use crate::random::Random;
use model::Body;
use model::field::{Code, Identifier};
use model::kinds::organisation::{self, premises};
use model::kinds::{object, phone_or_account as account, vehicle};
use model::value::{PartialDate, Place};

type Weighted<T> = &'static [(u32, T)];

/// Make, model, type of vehicle.
const VEHICLES: Weighted<(&str, &str, &str)> = &[
    (9, ("Ford", "Fiesta", "car")),
    (8, ("Ford", "Focus", "car")),
    (8, ("Vauxhall", "Corsa", "car")),
    (7, ("Vauxhall", "Astra", "car")),
    (7, ("Volkswagen", "Golf", "car")),
    (5, ("Volkswagen", "Polo", "car")),
    (5, ("BMW", "3 Series", "car")),
    (4, ("Audi", "A3", "car")),
    (4, ("Mercedes-Benz", "C-Class", "car")),
    (5, ("Nissan", "Qashqai", "car")),
    (4, ("Toyota", "Yaris", "car")),
    (3, ("Toyota", "Prius", "car")),
    (3, ("Hyundai", "i10", "car")),
    (3, ("Kia", "Picanto", "car")),
    (2, ("Land Rover", "Range Rover Sport", "car")),
    (2, ("Škoda", "Octavia", "car")),
    (2, ("Citroën", "C3", "car")),
    (2, ("Tesla", "Model 3", "car")),
    (4, ("Ford", "Transit", "van")),
    (2, ("Volkswagen", "Transporter", "van")),
    (1, ("Scania", "R450", "lorry")),
    (2, ("Honda", "PCX125", "moped")),
    (2, ("Yamaha", "MT-07", "motorcycle")),
    (1, ("Sur-Ron", "Light Bee", "motorcycle")),
];
const COLOURS: Weighted<&str> = &[
    (20, "black"),
    (18, "grey"),
    (17, "white"),
    (15, "blue"),
    (13, "silver"),
    (9, "red"),
    (3, "green"),
    (2, "orange"),
    (1, "yellow"),
    (1, "bronze"),
    (1, "purple"),
];
const VEHICLE_MARKS: &[&str] = &[
    "Dent in the rear offside door",
    "Tinted windows",
    "Roof bars",
    "Cracked nearside mirror",
    "Sticker of a swan on the boot",
    "Ladder on the roof",
    "Loud exhaust",
    "Front bumper missing",
];

/// A vehicle.
pub fn vehicle(random: &mut Random) -> Body {
    let (make, model, kind) = random.weighted(VEHICLES).copied().unwrap_or(("Ford", "Fiesta", "car"));
    let year = 2025 - random.ranked(30) as i16;
    let mut body = Body::default();
    body.set(vehicle::VRM, Identifier(numbers::mark(random, year)))
        .set(vehicle::TYPE, Code(kind.to_owned()))
        .set(vehicle::MAKE, make.to_owned())
        .set(vehicle::MODEL, model.to_owned())
        .set(vehicle::COLOUR, code(random, COLOURS))
        .set(vehicle::YEAR, i64::from(year));
    if random.happens(300) {
        body.set(vehicle::VIN, numbers::vin(random));
    }
    if random.happens(150) {
        body.set_some(vehicle::DESCRIPTION, words(random, VEHICLE_MARKS));
    }
    body
}

/// What is stolen, found or seized: type, make, model, colour, least and greatest value in pounds.
type Thing = (&'static str, &'static str, &'static str, &'static str, (i64, i64));
const STOLEN: Weighted<Thing> = &[
    (10, ("phone", "Apple", "iPhone 13", "black", (200, 700))),
    (8, ("phone", "Samsung", "Galaxy S22", "grey", (150, 600))),
    (8, ("bicycle", "Specialized", "Rockhopper", "red", (300, 900))),
    (5, ("bicycle", "Carrera", "Vengeance", "blue", (150, 400))),
    (3, ("e-scooter", "Xiaomi", "M365", "black", (150, 400))),
    (6, ("computer", "Apple", "MacBook Air", "silver", (400, 1200))),
    (4, ("computer", "Lenovo", "ThinkPad", "black", (200, 900))),
    (6, ("jewellery", "", "", "gold", (100, 6000))),
    (3, ("watch", "Casio", "G-Shock", "black", (40, 120))),
    (2, ("watch", "Rolex", "Submariner", "silver", (4000, 14000))),
    (7, ("cash", "", "", "", (20, 3000))),
    (6, ("bag", "", "", "brown", (20, 400))),
    (4, ("tool", "Makita", "DHP482", "turquoise", (80, 250))),
    (4, ("tool", "DeWalt", "DCD796", "yellow", (80, 250))),
    (2, ("vehicle-part", "", "catalytic converter", "", (200, 900))),
    (3, ("clothing", "Stone Island", "jacket", "black", (150, 700))),
    (5, ("alcohol", "", "spirits", "", (20, 200))),
    (1, ("plant", "Kubota", "mini digger", "orange", (6000, 20000))),
];
const SEIZED: Weighted<Thing> = &[
    (12, ("drug", "", "", "green", (10, 300))),
    (6, ("drug", "", "", "white", (20, 900))),
    (7, ("knife", "", "", "black", (1, 60))),
    (2, ("other-weapon", "", "", "", (1, 40))),
    (3, ("article-for-theft", "", "", "", (1, 40))),
    (5, ("cash", "", "", "", (50, 5000))),
    (4, ("phone", "Nokia", "105", "black", (10, 25))),
    (1, ("imitation-firearm", "", "", "black", (10, 90))),
];
const OBJECT_WORDS: &[&str] = &[
    "Scratched on one side",
    "In a torn plastic bag",
    "With a sticker of a fox",
    "Initials engraved on the back",
    "Almost new, in its box",
    "Handle wrapped in blue tape",
    "Cracked",
    "Smells of petrol",
];

/// An object that was stolen (or seized, where `is_seized`).
pub fn object(random: &mut Random, is_seized: bool) -> Body {
    let things = if is_seized { SEIZED } else { STOLEN };
    let (kind, make, model, colour, (least, most)) =
        random.weighted(things).copied().unwrap_or(("bag", "", "", "", (1, 10)));
    let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let mut body = Body::default();
    body.set(object::TYPE, Code(kind.to_owned()))
        .set_some(object::MAKE, said(make))
        .set_some(object::MODEL, said(model))
        .set_some(object::COLOUR, said(colour).map(Code))
        .set(object::VALUE, random.between(least, most))
        .set(object::QUANTITY, 1);
    if random.happens(500) {
        body.set_some(object::DESCRIPTION, words(random, OBJECT_WORDS));
    }
    match kind {
        "phone" => {
            body.set(object::IMEI, Identifier(numbers::handset(random)));
        }
        "drug" => {
            let (grams, tenths) = (random.below(60), random.below(10));
            body.set(object::MEASURE, format!("{grams}.{tenths} g with wrap"));
        }
        "bicycle" | "computer" | "tool" | "e-scooter" => {
            let number_type = if kind == "bicycle" { "frame" } else { "serial" };
            body.set(object::SERIAL_NUMBERS, vec![serial_number(random, number_type)]);
            body.set_some(object::IDENTIFYING_MARKS, words(random, OBJECT_WORDS));
        }
        _ => {}
    }
    body
}

fn serial_number(random: &mut Random, kind: &str) -> Body {
    use model::kinds::object::serial_number as number;
    let mut row = Body::default();
    let text = numbers::hexadecimal(random, 1).to_uppercase();
    row.set(number::TYPE, Code(kind.to_owned())).set(number::NUMBER, text.chars().take(10).collect());
    row
}

const SERVICES: Weighted<(&str, &str)> = &[
    (6, ("email", "Example Mail")),
    (5, ("social-media", "Example Social")),
    (4, ("messaging", "Example Messenger")),
    (1, ("gaming", "Example Games")),
    (1, ("marketplace", "Example Market")),
    (2, ("bank-account", "Example Bank")),
    (1, ("crypto-wallet", "Example Chain")),
];

/// A mobile number.
pub fn phone(number: &str, random: &mut Random) -> Body {
    let mut body = Body::default();
    body.set(account::TYPE, Code("mobile".to_owned()))
        .set(account::NUMBER, Identifier(number.to_owned()))
        .set(account::PREPAID, random.happens(400))
        .set(account::IN_USE_FROM, year(2015 + random.below(10) as i16));
    body
}

/// An account of somebody of this name.
pub fn account(random: &mut Random, forenames: &str, surname: &str) -> Body {
    let (kind, service) = random.weighted(SERVICES).copied().unwrap_or(("email", "Example Mail"));
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).take(9).collect::<String>().to_lowercase()
    };
    let name = format!("{}{}{}", letters(forenames), letters(surname), random.below(1_000));
    let handle = match kind {
        "email" => format!("{name}@mail.example"),
        "bank-account" => format!("00-00-{:02} {:08}", random.below(100), random.below(100_000_000)),
        "crypto-wallet" => format!("lx1{}", numbers::hexadecimal(random, 2)),
        _ => name,
    };
    let mut body = Body::default();
    body.set(account::TYPE, Code(kind.to_owned()))
        .set(account::HANDLE, handle)
        .set(account::SERVICE, service.to_owned())
        .set(account::SERVICE_ID, random.below(10_000_000_000).to_string());
    if matches!(kind, "social-media" | "messaging" | "gaming") {
        body.set(account::DISPLAY_NAME, format!("{forenames} {surname}").trim().to_owned());
    }
    body
}

/// Type of organisation, the word that ends its name.
const BUSINESSES: Weighted<(&str, &str)> = &[
    (8, ("retail", "News")),
    (6, ("retail", "Supermarket")),
    (4, ("retail", "Phone Repairs")),
    (5, ("licensed", "Arms")),
    (3, ("licensed", "Tavern")),
    (3, ("company", "Scaffolding")),
    (3, ("company", "Hand Car Wash")),
    (3, ("sole-trader", "Barbers")),
    (2, ("school", "Primary School")),
    (1, ("school", "Academy")),
    (2, ("care", "Care Home")),
    (1, ("religious", "Community Church")),
    (1, ("religious", "Islamic Centre")),
    (1, ("club", "Football Club")),
    (1, ("charity", "Food Bank")),
    (2, ("transport", "Minicabs")),
];

/// An organisation that bears the name of its street or of a family.
pub fn organisation(random: &mut Random, name: &str, place: &Place) -> Body {
    let (kind, last) = random.weighted(BUSINESSES).copied().unwrap_or(("retail", "News"));
    let mut row = Body::default();
    row.set(organisation::name::TYPE, Code("trading".to_owned()))
        .set(organisation::name::NAME, format!("{name} {last}"));
    let mut site = Body::default();
    site.set(premises::TYPE, Code("branch".to_owned())).set(premises::PLACE, place.clone());
    let mut body = Body::default();
    body.set(organisation::NAMES, vec![row])
        .set(organisation::TYPE, Code(kind.to_owned()))
        .set(organisation::PREMISES, vec![site])
        .set(organisation::PHONES, vec![work_phone(random)]);
    if matches!(kind, "company" | "retail" | "transport") {
        body.set(organisation::COMPANY_NUMBER, numbers::company(random));
    }
    if random.happens(8) {
        body.set(organisation::ASSESSED_AS, Code("front".to_owned()));
    }
    body
}

fn work_phone(random: &mut Random) -> Body {
    use model::kinds::nominal::phone;
    let mut row = Body::default();
    row.set(phone::TYPE, Code("work".to_owned())).set(phone::NUMBER, Identifier(numbers::landline(random)));
    row
}

/// Only a year.
pub fn year(year: i16) -> PartialDate {
    PartialDate { year: Some(year), month: None, day: None }
}

/// One of these codes by weight.
pub fn code(random: &mut Random, codes: Weighted<&str>) -> Code {
    Code(random.weighted(codes).copied().unwrap_or_default().to_owned())
}

/// One of these texts.
pub fn words(random: &mut Random, texts: &[&str]) -> Option<String> {
    random.pick(texts).map(|text| (*text).to_owned())
}
