"""Python's libraries on every port under TLS: world.json user password."""
import imaplib
import json
import poplib
import smtplib
import ssl
import sys

world = json.load(open(sys.argv[1]))
user, password = sys.argv[2], sys.argv[3]
ports = {s['service']: int(s['addr'].split(':')[1]) for s in world['hosts'][0]['services']}
tls = ssl.create_default_context(cafile=world['ca'])
host = 'localhost'

clear = imaplib.IMAP4(host, ports['imap'], timeout=30)
assert 'LOGINDISABLED' in clear.capabilities and 'AUTH=PLAIN' not in clear.capabilities, clear.capabilities
try:
    clear.login(user, password)
    sys.exit('LOGIN was taken in clear')
except imaplib.IMAP4.error as e:
    assert 'PRIVACYREQUIRED' in str(e), e
clear.starttls(tls)
assert 'STARTTLS' not in clear.capabilities and 'LOGINDISABLED' not in clear.capabilities, clear.capabilities
for c in clear, imaplib.IMAP4_SSL(host, ports['imaps'], ssl_context=tls, timeout=30):
    assert c.login_cram_md5(user, password)[0] == 'OK'
    assert c.logout()[0] == 'BYE'

for c in poplib.POP3(host, ports['pop3'], timeout=30), poplib.POP3_SSL(host, ports['pop3s'], context=tls, timeout=30):
    if not isinstance(c, poplib.POP3_SSL):
        assert 'USER' not in c.capa() and 'SASL' not in c.capa(), c.capa()
        c.stls(tls)
    assert 'STLS' not in c.capa() and 'CRAM-MD5' in c.capa()['SASL'], c.capa()
    c.user(user)
    c.pass_(password)
    c.quit()

for c in smtplib.SMTP(host, ports['submission'], timeout=30), smtplib.SMTP_SSL(host, ports['submissions'], context=tls, timeout=30):
    c.ehlo()
    if not isinstance(c, smtplib.SMTP_SSL):
        assert not c.has_extn('auth'), c.esmtp_features
        c.starttls(context=tls)
        c.ehlo()
    assert not c.has_extn('starttls') and c.has_extn('auth'), c.esmtp_features
    c.login(user, password)
    c.quit()
