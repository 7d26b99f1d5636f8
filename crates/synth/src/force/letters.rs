//! What happens to the letters of a name on the way to a record.

use crate::random::Random;

/// Sounds that are written in several ways.
const SOUNDS: &[(&str, &str)] = &[
    ("ph", "f"),
    ("f", "ph"),
    ("ck", "k"),
    ("c", "k"),
    ("k", "c"),
    ("ie", "y"),
    ("y", "ie"),
    ("ey", "y"),
    ("ee", "ea"),
    ("ea", "ee"),
    ("ei", "ie"),
    ("ou", "ow"),
    ("ow", "ou"),
    ("ai", "ay"),
    ("ay", "ai"),
    ("s", "z"),
    ("z", "s"),
    ("sch", "sh"),
    ("sh", "sch"),
    ("th", "t"),
    ("gh", "g"),
    ("kn", "n"),
    ("wr", "r"),
    ("mb", "m"),
    ("ough", "uff"),
    ("er", "or"),
    ("or", "er"),
    ("en", "an"),
    ("on", "en"),
    ("w", "v"),
    ("v", "w"),
    ("j", "g"),
    ("oo", "u"),
    ("u", "oo"),
    ("aa", "a"),
    ("x", "ks"),
    ("qu", "kw"),
    ("mc", "mac"),
    ("mac", "mc"),
    ("i", "e"),
];

/// Neighbours on a British keyboard.
const KEYS: &[&str] = &["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// Shapes that a machine takes for one another.
const SHAPES: &[(&str, &str)] = &[
    ("rn", "m"),
    ("m", "rn"),
    ("cl", "d"),
    ("d", "cl"),
    ("l", "1"),
    ("i", "l"),
    ("o", "0"),
    ("e", "c"),
    ("c", "e"),
    ("h", "b"),
    ("b", "h"),
    ("vv", "w"),
    ("w", "vv"),
    ("s", "5"),
    ("g", "q"),
    ("n", "u"),
    ("u", "n"),
    ("t", "f"),
];

/// Letters that lose their mark, and marks that are lost.
const PLAIN: &[(&str, &str)] = &[
    ("àáâãäåāăą", "a"),
    ("çćč", "c"),
    ("đďð", "d"),
    ("èéêëēėęěếề", "e"),
    ("ğģ", "g"),
    ("ìíîïīįı", "i"),
    ("łľ", "l"),
    ("ñńň", "n"),
    ("òóôõöøōőộồ", "o"),
    ("řŕ", "r"),
    ("śşșšß", "s"),
    ("ţțťţ", "t"),
    ("ùúûüūůűųưứ", "u"),
    ("ýÿ", "y"),
    ("źżž", "z"),
    ("ễễ", "e"),
    ("ầạả", "a"),
    ("ị", "i"),
    ("ữ", "u"),
];

/// The name as somebody writes it who only heard it.
pub fn as_heard(name: &str, random: &mut Random) -> Option<String> {
    replaced_once(name, SOUNDS, random).or_else(|| doubled(name, random))
}

/// The name as a machine reads it from paper.
pub fn misread(name: &str, random: &mut Random) -> Option<String> {
    replaced_once(name, SHAPES, random)
}

/// The name with one slip of the fingers.
pub fn mistyped(name: &str, random: &mut Random) -> Option<String> {
    let mut letters: Vec<char> = name.chars().collect();
    if letters.len() < 3 {
        return None;
    }
    let at = random.below(letters.len() as u64) as usize;
    match random.below(4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, *letters.get(at)?),
        2 => {
            let other = at.checked_sub(1).unwrap_or(1);
            letters.swap(at, other);
        }
        _ => {
            let near = neighbour(*letters.get(at)?, random)?;
            letters[at] = near;
        }
    }
    Some(letters.into_iter().collect())
}

/// The name without accents, apostrophes and hyphens; `None` where it has none.
pub fn plain(name: &str) -> Option<String> {
    let changed: String = name.chars().filter_map(plain_letter).collect();
    (changed != name).then_some(changed)
}

/// The initials of forenames.
pub fn initials(names: &str) -> Option<String> {
    let initials: Vec<String> =
        names.split(' ').filter_map(|name| name.chars().next()).map(String::from).collect();
    (!initials.is_empty()).then(|| initials.join(" "))
}

/// A name with one of its parts replaced.
pub fn with_part(parts: &[&str], at: usize, part: &str) -> String {
    let mut parts = parts.to_vec();
    if let Some(old) = parts.get_mut(at) {
        *old = part;
    }
    parts.join(" ")
}

/// An identifier with one digit changed.
pub fn wrong_digit(text: &str, random: &mut Random) -> Option<String> {
    let places: Vec<usize> =
        text.char_indices().filter(|(_, letter)| letter.is_ascii_digit()).map(|(at, _)| at).collect();
    let at = *random.pick(&places)?;
    let digit = text.as_bytes().get(at)?.checked_sub(b'0')?;
    let other = (u64::from(digit) + 1 + random.below(9)) % 10;
    Some(format!("{}{other}{}", &text[..at], &text[at + 1..]))
}

fn plain_letter(letter: char) -> Option<char> {
    if matches!(letter, '\'' | '’') {
        return None;
    }
    if letter == '-' {
        return Some(' ');
    }
    let lower = letter.to_lowercase().next().unwrap_or(letter);
    let found = PLAIN.iter().find(|(marked, _)| marked.contains(lower));
    let plain = found.and_then(|(_, plain)| plain.chars().next()).unwrap_or(letter);
    Some(if letter.is_uppercase() { plain.to_ascii_uppercase() } else { plain })
}

/// One of the pairs that occur in the name, replaced where it occurs first; the case is kept.
fn replaced_once(name: &str, pairs: &[(&str, &str)], random: &mut Random) -> Option<String> {
    let lower = name.to_lowercase();
    // A letter whose lower case is longer or shorter would shift the places.
    if lower.len() != name.len() {
        return None;
    }
    let occurring: Vec<(usize, &(&str, &str))> =
        pairs.iter().filter_map(|pair| Some((lower.find(pair.0)?, pair))).collect();
    let (at, (from, to)) = random.pick(&occurring)?;
    let (before, rest) = name.split_at_checked(*at)?;
    let (was, after) = rest.split_at_checked(from.len())?;
    let is_capital = was.starts_with(char::is_uppercase);
    let to = if is_capital { capitalised(to) } else { (*to).to_owned() };
    Some(format!("{before}{to}{after}"))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A consonant doubled, or a double one made single.
fn doubled(name: &str, random: &mut Random) -> Option<String> {
    let letters: Vec<char> = name.chars().collect();
    let places: Vec<usize> = (1..letters.len())
        .filter(|at| letters[*at].is_alphabetic() && !"aeiou".contains(letters[*at]))
        .collect();
    let at = *random.pick(&places)?;
    let mut changed = letters.clone();
    if letters[at - 1] == letters[at] {
        changed.remove(at);
    } else {
        changed.insert(at, letters[at]);
    }
    Some(changed.into_iter().collect())
}

fn neighbour(letter: char, random: &mut Random) -> Option<char> {
    let lower = letter.to_ascii_lowercase();
    let row = KEYS.iter().find(|row| row.contains(lower))?;
    let at = row.find(lower)?;
    let near: Vec<char> = [at.checked_sub(1), Some(at + 1)]
        .into_iter()
        .flatten()
        .filter_map(|at| row.as_bytes().get(at).map(|octet| char::from(*octet)))
        .collect();
    let found = *random.pick(&near)?;
    Some(if letter.is_uppercase() { found.to_ascii_uppercase() } else { found })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accents_go_and_letters_stay() {
        assert_eq!(plain("O'Brien-Müller").as_deref(), Some("OBrien Muller"));
        assert_eq!(plain("Żółty Łukasz").as_deref(), Some("Zolty Lukasz"));
        assert_eq!(plain("Nguyễn").as_deref(), Some("Nguyen"));
        assert_eq!(plain("Smith"), None);
        assert_eq!(initials("Anna Maria").as_deref(), Some("A M"));
    }

    proptest! {
        #[test]
        fn any_name_slips_without_harm(name in "\\PC{0,30}", seed: u64) {
            let mut random = Random::new(seed);
            for change in [as_heard, misread, mistyped] {
                let _changed = change(&name, &mut random);
            }
            let _plain = plain(&name);
            if let Some(wrong) = wrong_digit(&name, &mut random) {
                prop_assert!(wrong != name && wrong.chars().count() == name.chars().count());
            }
        }
    }
}
