//! What a password must be, and how it is hashed.
//!
//! Argon2id (RFC 9106), with a key of the keystore as its secret: whoever has the store alone cannot test a
//! guess. Hashing takes a core and much memory, so it is done away from the threads that serve requests, and
//! by few at a time.

use crate::Desk;
use crate::error::DeskError;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use sealing::SecretKey;
use serde::Deserialize;
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::sync::{OnceCell, Semaphore};
use vault::store::RecordStore;
use zeroize::Zeroizing;

/// Characters that a new password has at least. Length is what guessing costs; the guidance of the National
/// Cyber Security Centre asks for no mixture of characters and no expiry, and neither is asked for.
pub const SHORTEST_PASSWORD: usize = 12;
/// Characters that a new password has at most: room for any sentence, and no room to send much.
pub const LONGEST_PASSWORD: usize = 256;

/// Memory of one hash in KiB, passes over it, and lanes: what the OWASP Password Storage Cheat Sheet asks of
/// Argon2id at least (19 MiB, t=2, p=1). Each hash says with which it was made, so more may be asked later.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Octets of a hash, and of its salt (RFC 9106 §4).
const HASH_LEN: usize = 32;
const SALT_LEN: usize = 16;
/// A hash that nothing has, of the same form and cost: compared where there is none, so that an unknown name
/// takes as long as a known one.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes at a time: two keep two cores busy, and a crowd at the door takes no more memory than that.
const AT_ONCE: usize = 2;
/// How long somebody waits for their turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Name of the key that is the secret of every hash.
const PEPPER: &str = "sign-in/pepper";
/// Name of the key that seals from where people sign in.
const DEVICES: &str = "sign-in/devices";

/// Letters and digits of a password that is made for somebody, without those that are mistaken for another:
/// 32, so that each is five bits.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Letters of such a password: 100 bits.
const LETTERS_OF_FIRST: usize = 20;

/// What is wrong with a new password: the rule, and the mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer than [`SHORTEST_PASSWORD`] characters.
    #[error("it must have at least 12 characters; three words that do not belong together are a good one.")]
    TooShort,
    /// More than [`LONGEST_PASSWORD`] characters.
    #[error("it may have at most 256 characters; choose a shorter one.")]
    TooLong,
    /// A tabulator, a line's end or the like, which no field of a form takes again.
    #[error("it has a tabulator, a line's end or another character that cannot be typed; leave that out.")]
    Control,
    /// The account's name, with or without digits around it.
    #[error("it is the name of the account, which is guessed first; choose something else.")]
    IsName,
    /// One of those that are guessed first.
    #[error("it is one of the commonest passwords, which are guessed first; choose something else.")]
    Common,
    /// The old one again.
    #[error("it is the old password; choose another.")]
    SameAsOld,
}

/// Looks whether somebody may have this password. It is kept as it was typed.
pub(super) fn check_new(new: &str, old: &str, name: &str) -> Result<(), PasswordFault> {
    let length = new.chars().count();
    let plain = plain(new);
    let is_name = || {
        let name = self::plain(name);
        plain.contains(&name) && plain.replace(&name, "").chars().all(|c| c.is_ascii_digit())
    };
    match () {
        () if length < SHORTEST_PASSWORD => Err(PasswordFault::TooShort),
        () if length > LONGEST_PASSWORD => Err(PasswordFault::TooLong),
        () if new.chars().any(char::is_control) => Err(PasswordFault::Control),
        () if new == old => Err(PasswordFault::SameAsOld),
        () if COMMON.contains(&plain) => Err(PasswordFault::Common),
        () if is_name() => Err(PasswordFault::IsName),
        () => Ok(()),
    }
}

/// Letters and digits in lower case.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

static COMMON: LazyLock<HashSet<String>> = LazyLock::new(|| common().unwrap_or_default());

/// The committed list.
fn common() -> Result<HashSet<String>, toml::de::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct List {
        /// From when it is the list.
        #[serde(rename = "from")]
        _from: toml::value::Datetime,
        passwords: HashSet<String>,
    }
    let list: List = toml::from_str(include_str!("../../data/commonest-passwords.toml"))?;
    Ok(list.passwords)
}

/// A password for somebody who has none yet, or lost theirs, in four groups that are easily read out.
pub(super) fn first_password() -> Result<Zeroizing<String>, DeskError> {
    let random = random()?;
    let letter = |octet: &u8| char::from(LETTERS[usize::from(octet % 32)]);
    let letters: Vec<char> = random.expose().iter().take(LETTERS_OF_FIRST).map(letter).collect();
    let groups: Vec<String> = letters.chunks(5).map(|group| group.iter().collect()).collect();
    Ok(Zeroizing::new(groups.join("-")))
}

/// 256 bits from the operating system.
pub(super) fn random() -> Result<SecretKey, DeskError> {
    SecretKey::generate().map_err(|error| DeskError::damaged(error.to_string()))
}

/// What signing in holds in memory.
pub(crate) struct Doorkeeper {
    turns: Arc<Semaphore>,
    pepper: OnceCell<SecretKey>,
    devices: OnceCell<SecretKey>,
}

impl Default for Doorkeeper {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), pepper: OnceCell::new(), devices: OnceCell::new() }
    }
}

/// Why a password was not hashed.
pub(super) enum NotHashed {
    /// The turn did not come in time.
    Busy,
    Fault(DeskError),
}

impl From<DeskError> for NotHashed {
    fn from(error: DeskError) -> Self {
        Self::Fault(error)
    }
}

impl<S: RecordStore> Desk<S> {
    /// The hash of a new password.
    pub(super) async fn hash_password(&self, password: &str) -> Result<String, NotHashed> {
        let nothing = std::future::ready(Ok(()));
        self.in_turn(password, nothing, |pepper, password, ()| hash(pepper, password)).await
    }

    /// Gives the hash that `held` has, where a password is the one of it. It is asked for once its turn has
    /// come, so that whoever waits long is judged by what is so then. It takes as long where there is none.
    pub(super) async fn proved_hash(
        &self,
        password: &str,
        held: impl Future<Output = Result<Option<String>, DeskError>>,
    ) -> Result<Option<String>, NotHashed> {
        self.in_turn(password, held, |pepper, password, held: Option<String>| {
            let proves = verify(pepper, password, held.as_deref().unwrap_or(NOBODYS))?;
            Ok(held.filter(|_| proves))
        })
        .await
    }

    async fn in_turn<A: Send + 'static, T: Send + 'static>(
        &self,
        password: &str,
        before: impl Future<Output = Result<A, DeskError>>,
        work: impl FnOnce(&SecretKey, &str, A) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<T, NotHashed> {
        let turns = Arc::clone(&self.doorkeeper.turns);
        let turn = tokio::time::timeout(PATIENCE, turns.acquire_owned()).await;
        let turn = turn.map_err(|_| NotHashed::Busy)?.map_err(|_| NotHashed::Busy)?;
        let pepper = self.doorkeeper.pepper.get_or_try_init(|| self.named_key(PEPPER)).await?;
        let (pepper, password) = (pepper.clone(), Zeroizing::new(password.to_owned()));
        let before = before.await?;
        let worked = tokio::task::spawn_blocking(move || {
            // The turn lasts as long as the work, also where nobody waits for its answer any more.
            let _turn = turn;
            work(&pepper, &password, before)
        });
        let worked = worked.await;
        let worked = worked.map_err(|error| DeskError::damaged(format!("hashing a password: {error}")))?;
        Ok(worked?)
    }

    /// The key that seals from where people sign in.
    pub(super) async fn devices_key(&self) -> Result<&SecretKey, DeskError> {
        self.doorkeeper.devices.get_or_try_init(|| self.named_key(DEVICES)).await
    }
}

fn hash(pepper: &SecretKey, password: &str) -> Result<String, DeskError> {
    let salt = random()?;
    let (salt, _) = salt.expose().split_at(SALT_LEN);
    let hashed = argon2(pepper)?.hash_password_with_salt(password.as_bytes(), salt);
    Ok(hashed.map_err(|error| DeskError::damaged(format!("hashing a password: {error}")))?.to_string())
}

fn verify(pepper: &SecretKey, password: &str, held: &str) -> Result<bool, DeskError> {
    let held = PasswordHash::new(held).map_err(|error| {
        let why = format!(
            "passwords, column hash: {error}; give the account another: `bluelamp users password NAME`"
        );
        DeskError::damaged(why)
    })?;
    Ok(argon2(pepper)?.verify_password(password.as_bytes(), &held).is_ok())
}

fn argon2(pepper: &SecretKey) -> Result<Argon2<'_>, DeskError> {
    let made = Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH_LEN)).and_then(|params| {
        Argon2::new_with_secret(pepper.expose(), Algorithm::Argon2id, Version::V0x13, params)
    });
    made.map_err(|error| DeskError::damaged(format!("hashing a password: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_not_guessed_first() {
        let fault = |new: &str| check_new(new, "the old one, long", "PC 1234 Okonjo").err();
        assert_eq!(fault("short one"), Some(PasswordFault::TooShort));
        assert_eq!(fault("elevenchars"), Some(PasswordFault::TooShort));
        assert_eq!(fault("twelve chars"), None);
        // Characters count, and not octets; what is typed stays as it is.
        assert_eq!(fault("łódźłódźłódź"), None);
        assert_eq!(fault("łódźłódźłód"), Some(PasswordFault::TooShort));
        assert_eq!(fault(&"long ".repeat(51)), None);
        assert_eq!(fault(&"x".repeat(257)), Some(PasswordFault::TooLong));
        assert_eq!(fault("with\ta tabulator"), Some(PasswordFault::Control));
        assert_eq!(fault("the old one, long"), Some(PasswordFault::SameAsOld));
        assert_eq!(fault("Password-1234"), Some(PasswordFault::Common));
        assert_eq!(fault("1234 5678 9012"), Some(PasswordFault::Common));
        assert_eq!(fault("pc1234okonjo"), Some(PasswordFault::IsName));
        assert_eq!(fault("PC 1234 Okonjo 99"), Some(PasswordFault::IsName));
        assert_eq!(fault("okonjo walks the dog"), None);
        assert_eq!(check_new("PC 1234 PC 1234", "", "PC 1234"), Err(PasswordFault::IsName));
        assert_eq!(check_new("9182736450918", "", "PC 1234"), Ok(()));
        assert_eq!(check_new("!!!!!!!!!!!!", "", "Ann"), Ok(()));
    }

    #[test]
    fn the_list_is_read_and_written_as_it_is_compared() {
        let common = common().unwrap();
        assert!(common.len() > 200, "{}", common.len());
        for password in &common {
            assert_eq!(&plain(password), password);
        }
    }

    #[test]
    fn a_first_password_is_read_out_and_no_two_are_alike() {
        let (one, other) = (first_password().unwrap(), first_password().unwrap());
        assert_ne!(*one, *other);
        assert_eq!(one.len(), 23);
        assert!(one.split('-').all(|group| group.len() == 5 && group.bytes().all(|c| LETTERS.contains(&c))));
        assert_eq!(check_new(&one, "", "administrator"), Ok(()));
    }

    #[test]
    fn a_hash_proves_its_password_under_its_key_alone() {
        let (pepper, other) = (random().unwrap(), random().unwrap());
        let held = hash(&pepper, "correct and long").unwrap();
        let cost = format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$");
        assert!(held.starts_with(&cost) && NOBODYS.starts_with(&cost), "{held}");
        assert_eq!(held.len(), NOBODYS.len(), "the hash of nobody has the form of every other");
        assert!(verify(&pepper, "correct and long", &held).unwrap());
        assert!(!verify(&pepper, "Correct and long", &held).unwrap());
        assert!(!verify(&other, "correct and long", &held).unwrap());
        assert!(!verify(&pepper, "correct and long", NOBODYS).unwrap());
        assert_ne!(held, hash(&pepper, "correct and long").unwrap(), "a salt of its own each time");
        let told = verify(&pepper, "x", "no hash").unwrap_err().to_string();
        assert!(told.contains("passwords, column hash") && told.contains("users password"), "{told}");
    }
}
