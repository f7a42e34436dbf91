"""Every method of Python's imaplib against a server: host port user password ca;
without the last one ("") in clear.

Leaves behind a mailbox of Cyrillic name with 297 letters, some of them odd,
for the programs that come after.
"""
import imaplib
import socket
import ssl
import sys
import threading
from email.message import EmailMessage

host, port, user, password = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
tls = sys.argv[5] and ssl.create_default_context(cafile=sys.argv[5])
DRAFTS = '&BCcENQRABD0EPgQyBDgEOgQ4-'  # Черновики
WORK = '"&BCAEMAQxBD4EQgQw-/2026 R&-D"'  # Работа/2026 R&D


def ok(answer, want=None):
    """The data of an answer, which has to be OK, and want if that is given."""
    kind, data = answer
    assert kind == 'OK', answer
    assert want is None or data == want, f'{data!r}, not {want!r}'
    return data


def letter(n, subject, attachment=b''):
    m = EmailMessage()
    m['From'] = 'Анна Иванова <anna@romashka.example>'
    m['To'] = 'ilon@rocket.example'
    m['Date'] = f'Sun, {n % 28 + 1:02d} Mar 2026 10:00:00 +0300'
    m['Message-ID'] = f'<{n}@romashka.example>'
    m['Subject'] = subject
    m.set_content(f'Письмо номер {n}.\n', cte='8bit')
    if attachment:
        m.add_attachment(attachment, maintype='application', subtype='octet-stream', filename='Отчёт.bin')
    return m.as_bytes(policy=m.policy.clone(linesep='\r\n'))


def session():
    c = connection()
    ok(c.login(user, password))
    return c


def connection():
    c = imaplib.IMAP4(host, port, timeout=30)
    c.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # imaplib sends a letter in two pieces
    if tls:
        c.starttls(tls)
    return c


c = connection()
assert 'IMAP4REV1' in c.capabilities and c.welcome.startswith(b'* OK '), c.welcome
ok(c.capability())
try:
    c.login(user, 'wrong')
    raise SystemExit('a wrong password opened the mailbox')
except imaplib.IMAP4.error as e:
    assert b'AUTHENTICATIONFAILED' in e.args[0], e
ok(c.authenticate('PLAIN', lambda challenge: f'\0{user}\0{password}'.encode()))
assert c.state == 'AUTH'
ok(c.namespace(), [b'(("" "/")) NIL NIL'])
ok(c.xatom('ID', 'NIL'))
ok(c.noop())

# Mailboxes.
for name in DRAFTS, WORK, 'Temp':
    ok(c.create(name))
    ok(c.subscribe(name))
kind, data = c.create('Temp')
assert kind == 'NO' and data[0].startswith(b'[ALREADYEXISTS]'), data
ok(c.rename('Temp', '"Other temp"'))
ok(c.unsubscribe('Temp'))
assert any(line.endswith(b'"&BCAEMAQxBD4EQgQw-/2026 R&-D"') for line in ok(c.list('""', '*'))), c.list()
assert len(ok(c.lsub('""', '&BCAEMAQxBD4EQgQw-*'))) == 1
ok(c.delete('"Other temp"'))
kind, data = c.delete('"Other temp"')
assert kind == 'NO' and data[0].startswith(b'[NONEXISTENT]'), data

# Letters: small, with an attachment, of 1 MB, without a header, in 8 bits.
date = '"08-Mar-2026 09:00:00 +0300"'
for n in range(1, 296):
    ok(c.append(WORK, r'(\Seen)' if n % 3 == 0 else '', date, letter(n, f'Отчёт № {n}')))
ok(c.append(WORK, r'(\Flagged $Forwarded Vazhno)', None, letter(296, 'С вложением', bytes(range(256)) * 40)))
big = letter(297, 'Мегабайт', b'0123456789abcdef' * 65536)
ok(c.append(WORK, '', None, big))
ok(c.append(WORK, '', None, b'\r\nbody only\r\n'))
ok(c.append(WORK, '', None, 'Subject: сырой UTF-8\r\n\r\nтело\r\n'.encode()))
ok(c.append(WORK, '', None, b'Subject: =?koi8-r?B?8NLJ18XU?=\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n\xf0\xd2\xc9\xd7\xc5\xd4\r\n'))

ok(c.status(WORK, '(MESSAGES UNSEEN UIDNEXT)'), [WORK.encode() + b' (MESSAGES 300 UNSEEN 202 UIDNEXT 301)'])
ok(c.select(WORK), [b'300'])
assert c.response('UIDVALIDITY')[1][0] and c.response('READ-WRITE')[1] == [b''], c.untagged_responses
ok(c.check())

# Search, sort, thread.
ok(c.search(None, 'FLAGGED'), [b'296'])
ok(c.search('UTF-8', 'KEYWORD', 'vazhno', 'LARGER', '5000'), [b'296'])
c.literal = 'МЕГАБАЙТ'.encode()
ok(c.search('UTF-8', 'SUBJECT'), [b'297'])
c.literal = 'привет'.encode()
ok(c.search('UTF-8', 'TEXT'), [b'300'])
ok(c.uid('SEARCH', 'UID', '299:*', 'NOT', 'SEEN'), [b'299 300'])
ok(c.sort('(REVERSE SIZE)', 'UTF-8', 'OR 298 297'), [b'297 298'])
ok(c.thread('REFERENCES', 'UTF-8', 'OR 297 298'), [b'(297)(298)'])

# Fetch.
data = ok(c.fetch('297', '(RFC822.SIZE BODY.PEEK[])'))
size = int(data[0][0].split()[2])
assert data[0][1] == big and size == len(big) > 1 << 20, (data[0][0], len(big))
data = ok(c.fetch('1:300', '(UID FLAGS INTERNALDATE ENVELOPE BODYSTRUCTURE)'))
assert len([d for d in data if b'BODYSTRUCTURE' in (d if isinstance(d, bytes) else d[0])]) == 300
assert b'" 8-Mar-2026 09:00:00 +0300"' in ok(c.fetch('1', 'INTERNALDATE'))[0]

# Flags.
ok(c.store('1', '+FLAGS', r'(\Answered $Mark)'), [rb'1 (FLAGS ($Mark \Answered \Recent))'])
ok(c.uid('STORE', '1', '-FLAGS.SILENT', '$Mark'), [None])
ok(c.store('1', 'FLAGS', '()'), [rb'1 (FLAGS (\Recent))'])

# Copies and removals.
ok(c.copy('1,3', DRAFTS))
assert c.response('COPYUID')[1][0].endswith(b' 1,3 1:2')
ok(c.uid('MOVE', '2', DRAFTS))
assert c.response('EXPUNGE')[1] == [b'2']
ok(c.status(DRAFTS, '(MESSAGES)'), [DRAFTS.encode() + b' (MESSAGES 3)'])
ok(c.store('1:2', '+FLAGS.SILENT', r'\Deleted'))
ok(c.expunge(), [b'1', b'1'])
ok(c.getquotaroot('INBOX'), [[b'INBOX'], [None]])  # there are no limits
kind, data = c.getquota('""')
assert kind == 'NO' and data[0].startswith(b'[NONEXISTENT]'), data
kind, data = c.setquota('""', '(STORAGE 1)')
assert kind == 'NO' and data[0].startswith(b'[NOPERM]'), data
ok(c.unselect())

# What another session does is told.
before = int(ok(c.select('INBOX'))[0])
other = session()
ok(other.enable('CONDSTORE'))
ok(other.append('INBOX', '', None, letter(1000, 'Новое')))
ok(c.noop())
assert c.response('EXISTS')[1][-1] == str(before + 1).encode(), c.untagged_responses

# imaplib has no IDLE before Python 3.14.
c.send(b'X1 IDLE\r\n')
assert c.readline().startswith(b'+ ')
delivery = threading.Thread(target=lambda: other.append('INBOX', '', None, letter(1001, 'Ещё новее')))
delivery.start()
assert c.readline() == b'* %d EXISTS\r\n' % (before + 2)
assert c.readline().endswith(b' RECENT\r\n')
c.send(b'DONE\r\n')
while not c.readline().startswith(b'X1 OK'):
    pass
delivery.join()
ok(other.select('INBOX', readonly=True))
kind, data = other.store('1', '+FLAGS', r'\Seen')
assert kind == 'NO' and data[0].startswith(b'[READ-ONLY]'), data
ok(other.close())
other.logout()
ok(c.close())
assert c.logout()[0] == 'BYE'
print('imaplib: all is well')
