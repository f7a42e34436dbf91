package explain

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"mailscope/scenes/words"
	"mailscope/sim/trace"
)

// VerdictReason tells in the chosen language why a check came to its result.
// What DNS says in a domain's name stays as the domain wrote it.
func VerdictReason(l words.Lang, v *trace.Verdict) string {
	text, said, explained := strings.Cut(v.Reason, "; the domain explains: ")
	switch {
	case v.Check == "dnsbl" && v.Result == "fail" && text != "listed":
		return words.T(l, "verdict.said", "Text", v.Reason)
	case v.Check == "spf" && v.Term != "" && words.Has(l, "verdict.term."+v.Result):
		text = words.T(l, "verdict.term."+v.Result, "Term", v.Term, "Addr", v.Addr, "Domain", v.Domain)
	default:
		if s, ok := finding(l, text); ok {
			text = s
		}
	}
	if explained {
		text += " " + words.T(l, "verdict.said", "Text", said)
	}
	return text
}

// QueueReason tells in the chosen language why a server could not pass a
// letter on. What another server said stays as it was said.
func QueueReason(l words.Lang, text string) string {
	if s, ok := match(l, queueFindings(), text); ok {
		return s
	}
	return Reason(l, text)
}

// maxFinding is how long a text may be, in octets, to be one of the program's.
const maxFinding = 2000

// finding is the reason of a verdict in the language l; ok tells whether the
// program wrote it.
func finding(l words.Lang, text string) (told string, ok bool) {
	if len(text) > maxFinding {
		return text, false
	}
	if parts := strings.Split(text, "; "); len(parts) > 1 {
		return several(l, parts, " ")
	}
	if told, ok = points(l, text); ok {
		return told, true
	}
	return match(l, findings(), text)
}

// match tells text by the first form that fits it.
func match(l words.Lang, forms []aFinding, text string) (told string, ok bool) {
	if len(text) > maxFinding {
		return text, false
	}
	for _, f := range forms {
		m := f.form.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		kv := []any{}
		for i, s := range m[1:] {
			if f.wraps {
				inner, known := finding(l, s)
				if known && f.alone {
					return inner, true
				}
				s = inner
			}
			kv = append(kv, string(rune('A'+i)), inWords(l, s))
		}
		return words.T(l, "verdict."+f.key, kv...), true
	}
	return text, false
}

// several tells sentences one after another, if the program wrote them all.
func several(l words.Lang, parts []string, between string) (string, bool) {
	for i, p := range parts {
		told, ok := finding(l, p)
		if !ok {
			return "", false
		}
		parts[i] = told
	}
	return strings.Join(parts, between), true
}

// points tells what a letter's text was given points for: "no Date 1, GTUBE 1000".
func points(l words.Lang, text string) (string, bool) {
	var list []string
	for p := range strings.SplitSeq(text, ", ") {
		i := strings.LastIndexByte(p, ' ')
		if i < 0 {
			return "", false
		}
		n, err := strconv.Atoi(p[i+1:])
		key, known := remarkable[p[:i]]
		if err != nil || !known {
			return "", false
		}
		list = append(list, words.T(l, "verdict.points", "What", words.T(l, "verdict.points."+key), "N", n))
	}
	return strings.Join(list, ", "), true
}

// remarkable is what a letter's text may be given points for.
var remarkable = map[string]string{
	"GTUBE":                        "gtube",
	"subject in capitals":          "capitals",
	"exclamation marks in subject": "marks",
	"talk of money for nothing":    "money",
	"talk of haste":                "haste",
	"no Date":                      "date",
	"no Message-ID":                "id",
}

// inWords is a time such as "5m0s" in words; any other text stays.
func inWords(l words.Lang, s string) string {
	d, err := time.ParseDuration(s)
	if err != nil || s == "0" {
		return s
	}
	var parts []string
	for _, u := range []struct {
		key  string
		unit time.Duration
	}{{"hours", time.Hour}, {"minutes", time.Minute}, {"seconds", time.Second}} {
		if n := d / u.unit; n > 0 {
			parts = append(parts, words.T(l, "verdict.time."+u.key, "N", int(n)))
			d %= u.unit
		}
	}
	return strings.Join(parts, " ")
}

// aFinding is a form of text with holes, and the key of its words.
type aFinding struct {
	form  *regexp.Regexp
	key   string
	wraps bool // a hole may hold another finding
	alone bool // which then says it all
}

// findings are the forms of verdicts' reasons, those that are more exact first.
var findings = sync.OnceValue(func() []aFinding {
	list := shapes([][2]string{
		{"spf.pass", `domain of {} designates {} as permitted sender`},
		{"spf.fail", `domain of {} does not designate {} as permitted sender`},
		{"spf.softfail", `domain of {} discourages use of {} as sender`},
		{"spf.neutral", `{} is neither permitted nor denied by domain of {}`},
		{"spf.none", `domain of {} publishes no policy`},
		{"spf.temperror", `DNS gave no answer about domain of {}`},
		{"spf.permerror", `policy of domain of {} cannot be interpreted`},
		{"spf.noname", `{} is no domain name that DNS knows`},
		{"spf.word", "unknown field\ninvalid ipX value\ninvalid mask\ninvalid macro\ninvalid domain\ninvalid IP address"},
		{"spf.nothing", `no DNS record found`},
		{"spf.lookups", "lookup limit reached\nvoid lookup limit reached\ntoo many MX records"},
		{"spf.records", `multiple matching DNS records`},

		{"dkim.none", `letter has no signature`},
		{"dkim.pass", `signature of {} is good`},
		{"dkim.body", `body hash did not verify`},
		{"dkim.header", `signature did not verify: {}`},
		{"dkim.part", "signature covers only a part of the body (l=)\nmessage contains an insecure body length tag"},
		{"dkim.long", `header is too long to be checked`},
		{"dkim.syntax", "signature syntax: {}\nmalformed signature tags: {}\nmalformed signature: {}\nmalformed body hash: {}\nmalformed time: {}\nmalformed expiration time: {}\nmalformed algorithm name\nmalformed header params\nduplicate tag name\nsignature missing required tag\nincompatible signature version\nfailed to read header: {}"},
		{"dkim.fields", `more than {} signed fields`},
		{"dkim.domain", `d={} is no domain`},
		{"dkim.selector", `s={} is no selector`},
		{"dkim.mismatch", `domain mismatch`},
		{"dkim.from", `From field not signed`},
		{"dkim.expired", `signature has expired`},
		{"dkim.unsupported", "unsupported {}"},
		{"dkim.unfit", "inappropriate {}"},
		{"dkim.weak", `hash algorithm too weak: {}`},
		{"dkim.silent", `key unavailable: {}`},
		{"dkim.nokey", `no valid key found`},
		{"dkim.keys", `multiple TXT records found for key`},
		{"dkim.badkey", "key record error: {}\nkey record: {}\nkey syntax error: {}\nincompatible public key version\ninvalid Ed25519 public key size: {}"},
		{"dkim.revoked", `key revoked`},
		{"dkim.short", "key is too short: {}\nkey of {} bits, under {}"},
		{"dkim.bigkey", `key of over {} bits`},
		{"dkim.nosub", `key is for no subdomain (t=s)`},
		{"dkim.many", `too many signatures`},

		{"dmarc.both", `SPF and DKIM vouch for {}`},
		{"dmarc.spf", `SPF vouches for {}`},
		{"dmarc.dkim", `DKIM vouches for {}`},
		{"dmarc.fail", `nothing vouches for {}`},
		{"dmarc.other", `SPF passed for {}`},
		{"dmarc.percent", `the policy means {} of 100 letters, and not this one`},
		{"dmarc.none", `{} publishes no policy`},
		{"dmarc.silent", `DNS gave no answer about the policy of {}`},
		{"dmarc.temperror", `not all that could vouch for {} could be checked`},
		{"dmarc.nofrom", `letter has no From field`},
		{"dmarc.froms", `letter has {} From fields`},
		{"dmarc.long", `From field is too long`},
		{"dmarc.unread", `From field cannot be read`},
		{"dmarc.nodomain", `{} in From is no domain`},
		{"dmarc.domains", `From has more than {} domains`},
		{"dmarc.nobody", `From names nobody`},

		{"dnsbl.pass", `not listed`},
		{"dnsbl.fail", `listed`},
		{"dnsbl.silent", "the list gave no answer\nreverse name of {}"},

		{"greylist.pass", `this client has come again with this envelope`},
		{"greylist.early", `it is {} too early`},
		{"greylist.first", `client, sender and recipient are seen for the first time: {} to wait`},

		{"content.pass", `nothing remarkable`},
		{"forged", `in the name of this server: {}`},

		{"filter.listed", `the client is listed in {}`},
		{"filter.deliver", `no reason against it`},
		{"filter.content", `content has {} points`},
		{"filter.reject", `policy of {} is reject`},
		{"filter.quarantine", `policy of {} is quarantine`},
		{"filter.lets", `policy of {} lets it pass`},
		{"filter.spf", `SPF failed for {}`},

		{"sieve.rule", `rule in line {} matched`},
		{"sieve.every", `the script says so of every letter`},
		{"sieve.none", `no rule matched`},
		{"sieve.copies", `all else was done with copies`},
		{"sieve.nofolder", `there is no such folder`},
		{"sieve.cannot", `no such folder can be made`},
		{"sieve.loops", `the letter loops`},
		{"sieve.long", `the script takes too long`},
		{"sieve.actions", `more than {} actions`},
		{"sieve.redirections", `more than {} redirections`},
		{"sieve.apart", `{} does not go together with {}`},
	})
	return append(list,
		aFinding{shape("policy of domain of {} cannot be interpreted: {}"), "spf.because", true, false},
		aFinding{shape("the script went wrong: {}"), "sieve.wrong", true, false},
		aFinding{shape("no key for signature: {}"), "dkim.nokey", true, true},
		aFinding{shape("{} found: {}"), "filter.neighbour", true, false})
})

// queueFindings are the forms of what a server finds out on a letter's way.
var queueFindings = sync.OnceValue(func() []aFinding {
	return shapes([][2]string{
		{"queue.nobox", `no such mailbox here`},
		{"queue.script", `the recipient's script discards it`},
		{"queue.hops", `too many hops: this letter loops`},
		{"queue.nohost", `no such domain: {}`},
		{"queue.silent", `DNS gave no answer for {}`},
		{"queue.nullmx", `{} takes no mail (null MX)`},
		{"queue.loop", `mail for {} loops back to {}`},
		{"queue.address", `no address for {}`},
		{"queue.hops", `too many hops: this letter loops`},
	})
})

// shapes makes findings of pairs of a key and its forms, one a line; {} is a
// hole.
func shapes(pairs [][2]string) (list []aFinding) {
	for _, p := range pairs {
		for form := range strings.SplitSeq(p[1], "\n") {
			list = append(list, aFinding{form: shape(form), key: p[0]})
		}
	}
	return list
}

// shape turns a form into an expression for the whole of a text.
func shape(form string) *regexp.Regexp {
	return regexp.MustCompile("^(?s:" + strings.ReplaceAll(regexp.QuoteMeta(form), `\{\}`, "(.+)") + ")$")
}
