// Package dns is the name service of the simulated internet: an authoritative
// server for its zones and the caching resolver that its mail servers ask.
//
// Records and packets are github.com/miekg/dns values. Both ends speak over
// whatever socket they are given; neither opens one of its own.
package dns
