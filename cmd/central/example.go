package main

// example is printed by "central config", written by "central init", and the
// defaults of what a file leaves out.
const example = `# central.toml: the Unlockpoint server.
# Paths are taken from the folder of this file.

# Names this installation. Terminals are bound to it: do not change it later.
realm = "unlockpoint.example"

# The store, and the keys that open it. Keep a copy of the key ring, and not
# beside the copies of the store.
data = "data"
keyring = "keyring.json"

# Where commands such as "central cards ls" reach the running server.
socket = "central.sock"

# Address of the pages for people who look after terminals and cards. They log in
# ("central operators login NAME"), and browsers do so over TLS only: keep this on
# loopback, with a proxy in front that has a certificate. Empty: no pages.
web = "127.0.0.1:8080"

# Every mail has a link by which its reader stops self-service for the card.
# public_url is what the link begins with, as the readers reach it, such as
# "https://smartcard.trust.nhs.uk". public is the address that answers there:
# nothing else does, so a proxy may show it to everybody. Empty: no links.
public_url = ""
public = ""

# PEM file of the authorities that issue the smartcards. Empty: no card can
# prove itself, and policy has to allow that (proof_required = false).
card_authority = ""

# Whom people tell when it was not them, as they read it in mails.
registration_authority = "your registration authority"

# Of the times in mails.
time_zone = "Europe/London"

# debug, info, warn or error.
log = "info"

[broker]
url = "mqtt://127.0.0.1:1883"
# How everybody proves to the broker who they are: "certificates", which
# central issues and terminals get when they enrol, or "passwords", for a broker
# that only this machine reaches. With certificates every url is mqtts://, and
# user, password_file and the authorities below do not count.
access = "passwords"
# Where terminals enrol, over TLS and without a certificate. Empty: at the host
# of terminals_url or url, port 8884.
enrol_url = ""
# The folder of "central broker-config": while central runs it keeps Mosquitto's
# lists there up to date and has it read them by the command reload, so that
# whoever is retired or added is out or in at once. With Mosquitto on another
# machine, reload may be a program that copies the folder there first. run_as is
# the system's user that Mosquitto runs as, when it is not its own choice.
# Without a folder, run broker-config after each change.
folder = ""
reload = ["systemctl", "reload", "mosquitto"]
run_as = ""
user = "central"
password_file = "broker.password"
# PEM file of the broker's authority, for mqtts. Empty: the system's.
ca = ""
# How terminals reach the broker, when it is another way; the CA is a path on
# the terminal.
terminals_url = ""
terminals_ca = ""

[smtp]
host = "127.0.0.1"
port = 25
# none, starttls (when the server offers it) or required.
tls = "starttls"
# Empty: no log-in.
user = ""
password_file = ""
timeout_s = 30
sender = "unlockpoint@unlockpoint.example"
sender_name = "Smartcard self-service"

# Subjects in place of the usual ones: register-code, unlock-code,
# attempt-failed, registered, unlocked, address-changed, address-set, frozen,
# unfrozen, released, assisted, removed.
[smtp.subjects]

# Rules that differ from the usual ones, such as domains = ["nhs.net"] or
# ask = 4. "central config --policy" prints every rule with its usual value.
[policy]

# One for each place with terminals. People are told where its IT booth is.
[[sites]]
id = "main"
name = "Main hospital"
booth = "beside the main entrance"
hours = "Monday to Friday, 8 am to 6 pm"
phone = "01234 567 890"
`
