//! Accounts of people and machines, their tokens, passwords and roles. Every change is entered in the log and
//! counts from the next request on.

use super::of;
use crate::answer::{Made, address};
use crate::ask::{Named, Sent, Who};
use crate::house::House;
use crate::problem::{Problem, Sort};
use crate::shapes::{NewUser, UnlockedUser, User, UserSessions, UserWithPassword, Users};
use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with, put_with};
use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "accounts";
    ApiRouter::new()
        .api_route("/session", get_with(session::<S>, of("whoAmI", TAG, "Whom the token proves")))
        .api_route(
            "/accounts",
            get_with(list::<S>, of("listAccounts", TAG, "Lists the accounts"))
                .post_with(add::<S>, of("addAccount", TAG, "Adds an account; its token is shown only now")),
        )
        .api_route(
            "/accounts/{account}/lock",
            post_with(lock::<S>, of("lockAccount", TAG, "Locks an account for good")),
        )
        .api_route(
            "/accounts/{account}/unlock",
            post_with(
                unlock::<S>,
                of(
                    "unlockAccount",
                    TAG,
                    "Unlocks an account, with a new token, or the password that failures locked",
                ),
            ),
        )
        .api_route(
            "/accounts/{account}/password",
            post_with(
                give_password::<S>,
                of(
                    "givePassword",
                    TAG,
                    "Gives another password, shown only now and to be changed; sessions end",
                ),
            ),
        )
        .api_route(
            "/accounts/{account}/sessions",
            get_with(sessions::<S>, of("countSessions", TAG, "Counts the open sessions of an account"))
                .delete_with(end_sessions::<S>, of("endSessions", TAG, "Signs somebody out everywhere")),
        )
        .api_route(
            "/accounts/{account}/unit",
            put_with(put_in_unit::<S>, of("putInUnit", TAG, "Says of which unit somebody is")),
        )
        .api_route(
            "/accounts/{account}/token",
            post_with(renew::<S>, of("renewToken", TAG, "Gives another token; the one before proves nobody"))
                .delete_with(revoke::<S>, of("revokeToken", TAG, "Revokes the token; the account stays")),
        )
        .api_route(
            "/accounts/{account}/roles",
            put_with(change_roles::<S>, of("changeRoles", TAG, "Gives other roles")),
        )
}

/// Whom a token proves.
#[derive(Debug, Serialize, JsonSchema)]
struct Session {
    /// Name of the account.
    name: String,
    /// Who they are in the log.
    actor: String,
    /// Roles held now.
    roles: BTreeSet<String>,
    /// Restriction groups that they belong to now, by grants.
    groups: BTreeSet<String>,
}

/// An account to be added.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewAccount {
    /// Its name: 1 to 100 letters, digits, spaces, dots, hyphens or underlines.
    name: String,
    /// Its roles of the access matrix.
    roles: BTreeSet<String>,
    /// For another system and not a person: when its token ends, within 366 days, as RFC 3339.
    #[serde(default)]
    machine_until: Option<String>,
}

/// When a new token ends.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// When a machine's token ends, as RFC 3339; a person's has no end.
    #[serde(default)]
    machine_until: Option<String>,
}

/// Other roles.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Roles {
    /// Roles of the access matrix.
    roles: BTreeSet<String>,
}

/// The unit of somebody.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Unit {
    /// The unit as records name it; empty for none.
    #[schemars(length(max = 100))]
    unit: String,
}

/// An account by its name.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByAccount {
    /// The account's name.
    account: String,
}

/// How many sessions were ended.
#[derive(Debug, Serialize, JsonSchema)]
struct Ended {
    /// Name of the account.
    name: String,
    /// How many were open.
    ended: u64,
}

/// Whose account was locked.
#[derive(Debug, Serialize, JsonSchema)]
struct Locked {
    /// Its name.
    locked: String,
}

fn words(words: &BTreeSet<String>) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

fn moment(text: &str) -> Result<i64, Problem> {
    let moment = text.trim().parse::<jiff::Timestamp>().map_err(|_| {
        let detail = "machine_until: not a moment; write it as RFC 3339, for instance 2027-03-31T00:00:00Z.";
        Problem::new(Sort::Unusable, detail)
    })?;
    Ok(moment.as_microsecond())
}

async fn session<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
) -> Result<Json<Session>, Problem> {
    Ok(Json(Session {
        name: who.name().to_owned(),
        actor: who.actor().to_string(),
        roles: who.roles().clone(),
        groups: house.desk().groups_now(&who),
    }))
}

async fn list<S: RecordStore>(State(house): State<House<S>>, Who(who): Who) -> Result<Json<Users>, Problem> {
    let accounts = house.desk().accounts(&who).await?;
    Ok(Json(Users { users: accounts.iter().map(User::of).collect() }))
}

async fn add<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Sent(new): Sent<NewAccount>,
) -> Result<Made<NewUser>, Problem> {
    let roles = words(&new.roles);
    let until = new.machine_until.as_deref().map(moment).transpose()?;
    let made = match until {
        Some(end) => house.desk().add_machine(&who, &new.name, &roles, end).await?,
        None => house.desk().add_account(&who, &new.name, &roles).await?,
    };
    Ok(Made(address(&["accounts"]), NewUser::of(&made)))
}

async fn lock<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByAccount>,
) -> Result<Json<Locked>, Problem> {
    house.desk().lock_account(&who, &by.account).await?;
    Ok(Json(Locked { locked: by.account }))
}

async fn unlock<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByAccount>,
) -> Result<Json<UnlockedUser>, Problem> {
    Ok(Json(UnlockedUser::of(&house.desk().unlock_account(&who, &by.account).await?)))
}

async fn give_password<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByAccount>,
) -> Result<Json<UserWithPassword>, Problem> {
    Ok(Json(UserWithPassword::of(&house.desk().give_password(&who, &by.account).await?)))
}

async fn sessions<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByAccount>,
) -> Result<Json<UserSessions>, Problem> {
    Ok(Json(UserSessions::of(&house.desk().sessions_of(&who, &by.account).await?)))
}

async fn end_sessions<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByAccount>,
) -> Result<Json<Ended>, Problem> {
    let ended = house.desk().end_sessions_of(&who, &by.account).await?;
    Ok(Json(Ended { name: by.account, ended }))
}

async fn put_in_unit<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByAccount>,
    Sent(new): Sent<Unit>,
) -> Result<Json<User>, Problem> {
    Ok(Json(User::of(&house.desk().put_in_unit(&who, &by.account, &new.unit).await?)))
}

async fn renew<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByAccount>,
    Sent(new): Sent<NewToken>,
) -> Result<Json<NewUser>, Problem> {
    let until = new.machine_until.as_deref().map(moment).transpose()?;
    Ok(Json(NewUser::of(&house.desk().renew_token(&who, &by.account, until).await?)))
}

async fn revoke<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByAccount>,
) -> Result<Json<User>, Problem> {
    Ok(Json(User::of(&house.desk().revoke_token(&who, &by.account).await?)))
}

async fn change_roles<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByAccount>,
    Sent(new): Sent<Roles>,
) -> Result<Json<User>, Problem> {
    let roles = words(&new.roles);
    Ok(Json(User::of(&house.desk().change_roles(&who, &by.account, &roles).await?)))
}
