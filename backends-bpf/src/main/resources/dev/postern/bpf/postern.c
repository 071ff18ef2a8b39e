// SPDX-License-Identifier: Apache-2.0
//
// Postern's tc program: enforces the policy that two LPM tries hold on the packets of pods.
//
// Attached to the host's end of a pod's veth pair: `from_pod` to its ingress hook (the pod's egress), `to_pod` to its egress hook (the
// pod's ingress). A packet that passes is left to whoever comes next (TC_ACT_UNSPEC); one that does not is dropped (TC_ACT_SHOT). What
// cannot be judged is dropped and counted: nothing passes because it is hard to read. It trusts the maps.
//
// Both tries are swapped at once: `generation` says which slot of the two outer maps counts, and is read once a packet.

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/pkt_cls.h>
#include <stdbool.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define EGRESS 1
#define INGRESS 0
#define PROTO_SCTP 132
#define PROTO_ICMPV6 58
#define PROTO_HOP_BY_HOP 0
#define PROTO_ROUTING 43
#define PROTO_DESTINATION 60
#define PROTO_FRAGMENT 44
#define PROTO_AH 51
#define ANYONE 0
#define SECONDS 1000000000ULL
// Longer than any keep-alive that is in use; a flow that is idle for longer is judged anew.
#define TCP_IDLE (24 * 3600 * SECONDS)
#define OTHER_IDLE (180 * SECONDS)

enum count { PASSED, DENIED, UNREADABLE, FRAGMENT, COUNTS };

// --- maps; the layouts are those of dev.postern.bpf.MapLayout. An entry of no family, and one of group 0, say which version of it the maps hold:
// no packet is looked up under either.

struct address {
  __u32 family; // 4 or 6, network order
  __u8 bytes[16];
};

struct identity_key {
  __u32 prefix; // 32 + the prefix length of the address
  struct address address;
};

struct identity {
  __u32 number; // what policies tell apart; never 0
  __u32 egress;  // the group whose rules hold for what it sends; 0: no policy
  __u32 ingress; // the group whose rules hold for what it gets; 0: no policy
  __u32 node;    // the node it is, or runs on, from 1; 0: not known. The top bit is set for the node itself
};

struct policy_key {
  __u32 prefix; // 72: any protocol; 80: any port; 80 + n: ports by their first n bits
  __u32 group;
  __u32 peer; // an identity's number, or ANYONE
  __u8 direction;
  __u8 protocol; // 6, 17, 132; 0 for everything else
  __be16 port;
};

struct identities {
  __uint(type, BPF_MAP_TYPE_LPM_TRIE);
  __uint(max_entries, 1);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(key_size, sizeof(struct identity_key));
  __uint(value_size, sizeof(struct identity));
};

struct policy {
  __uint(type, BPF_MAP_TYPE_LPM_TRIE);
  __uint(max_entries, 1);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(key_size, sizeof(struct policy_key));
  __uint(value_size, sizeof(__u32)); // 1: passes; 0: does not
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
  __uint(max_entries, 2);
  __type(key, __u32);
  __array(values, struct identities);
} identity_slots SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
  __uint(max_entries, 2);
  __type(key, __u32);
  __array(values, struct policy);
} policy_slots SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u32);
} generation SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, COUNTS);
  __type(key, __u32);
  __type(value, __u64);
} counters SEC(".maps");

// A connection that was let in or out at a pod, by its first packet.
struct flow {
  struct address source;
  struct address destination;
  __be16 source_port; // ICMP echo: the identifier in both
  __be16 destination_port;
  __u8 protocol;
  __u8 direction; // the side that let it pass: its replies go the other way
  __u16 pad;
};

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 262144);
  __type(key, struct flow);
  __type(value, __u64);
} flows SEC(".maps");

// The fragments after the first have no ports: they follow the first one's verdict.
struct fragment {
  struct address source;
  struct address destination;
  __u32 id;
  __u8 protocol;
  __u8 direction;
  __u16 pad;
};

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 16384);
  __type(key, struct fragment);
  __type(value, __u64);
} fragments SEC(".maps");

// --- what a packet says

struct packet {
  struct address source;
  struct address destination;
  __u8 protocol;
  __u8 icmp_type;
  bool later_fragment;
  bool fragmented;
  __u32 id;
  __u32 payload; // offset of what follows the IP headers
  __be16 source_port;
  __be16 destination_port;
};

static __always_inline int count(enum count which, int action) {
  __u32 key = which;
  __u64 *counter = bpf_map_lookup_elem(&counters, &key);
  if (counter)
    *counter += 1;
  return action;
}

static __always_inline void address4(struct address *address, const void *bytes) {
  __builtin_memset(address, 0, sizeof(*address));
  address->family = bpf_htonl(4);
  __builtin_memcpy(address->bytes, bytes, 4);
}

static __always_inline void address6(struct address *address, const void *bytes) {
  address->family = bpf_htonl(6);
  __builtin_memcpy(address->bytes, bytes, 16);
}

static __always_inline bool same(const struct address *one, const struct address *other) {
  const __u32 *a = (const __u32 *)one;
  const __u32 *b = (const __u32 *)other;
  return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3] && a[4] == b[4];
}

// The headers of IPv4 at an offset. False if they cannot be read.
static __always_inline bool read4(struct __sk_buff *skb, __u32 at, struct packet *packet) {
  __u8 header[20];
  if (bpf_skb_load_bytes(skb, at, header, sizeof(header)))
    return false;
  __u32 length = (header[0] & 15) * 4;
  if ((header[0] >> 4) != 4 || length < 20)
    return false;
  __u32 offset = ((header[6] & 0x1f) << 8) | header[7];
  packet->fragmented = (header[6] & 0x20) || offset;
  packet->later_fragment = offset != 0;
  packet->id = (header[4] << 8) | header[5];
  packet->protocol = header[9];
  packet->payload = at + length;
  address4(&packet->source, header + 12);
  address4(&packet->destination, header + 16);
  return true;
}

// The headers of IPv6 at an offset, extension headers included. False if they cannot be read.
static __always_inline bool read6(struct __sk_buff *skb, __u32 at, struct packet *packet) {
  __u8 header[40];
  if (bpf_skb_load_bytes(skb, at, header, sizeof(header)))
    return false;
  if ((header[0] >> 4) != 6)
    return false;
  address6(&packet->source, header + 8);
  address6(&packet->destination, header + 24);
  packet->fragmented = false;
  packet->later_fragment = false;
  packet->id = 0;
  __u8 next = header[6];
  at += 40;
#pragma unroll
  for (int i = 0; i < 8; i++) {
    __u8 extension[8];
    if (next != PROTO_HOP_BY_HOP && next != PROTO_ROUTING && next != PROTO_DESTINATION && next != PROTO_FRAGMENT &&
        next != PROTO_AH) {
      packet->protocol = next;
      packet->payload = at;
      return true;
    }
    if (bpf_skb_load_bytes(skb, at, extension, sizeof(extension)))
      return false;
    if (next == PROTO_FRAGMENT) {
      packet->fragmented = true;
      packet->later_fragment = extension[2] || (extension[3] & 0xf8);
      packet->id = (extension[4] << 24) | (extension[5] << 16) | (extension[6] << 8) | extension[7];
      at += 8;
    } else if (next == PROTO_AH) {
      at += (extension[1] + 2) * 4;
    } else {
      at += (extension[1] + 1) * 8;
    }
    next = extension[0];
    if (packet->later_fragment) {
      packet->protocol = next;
      packet->payload = at;
      return true;
    }
  }
  return false;
}

static __always_inline bool has_ports(__u8 protocol) {
  return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == PROTO_SCTP;
}

static __always_inline bool is_echo(const struct packet *packet) {
  return (packet->protocol == IPPROTO_ICMP && (packet->icmp_type == 8 || packet->icmp_type == 0)) ||
         (packet->protocol == PROTO_ICMPV6 && (packet->icmp_type == 128 || packet->icmp_type == 129));
}

// Ports, or what stands for them. False if they cannot be read.
static __always_inline bool read_ports(struct __sk_buff *skb, struct packet *packet) {
  __be16 ports[2] = {0, 0};
  packet->source_port = 0;
  packet->destination_port = 0;
  packet->icmp_type = 255;
  if (has_ports(packet->protocol)) {
    if (bpf_skb_load_bytes(skb, packet->payload, ports, sizeof(ports)))
      return false;
    packet->source_port = ports[0];
    packet->destination_port = ports[1];
  } else if (packet->protocol == IPPROTO_ICMP || packet->protocol == PROTO_ICMPV6) {
    __u8 head[8];
    if (bpf_skb_load_bytes(skb, packet->payload, head, sizeof(head)))
      return false;
    packet->icmp_type = head[0];
    if (is_echo(packet)) {
      __be16 id;
      __builtin_memcpy(&id, head + 4, 2);
      packet->source_port = id;
      packet->destination_port = id;
    }
  }
  return true;
}

// --- connections

static __always_inline void key_of(struct flow *flow, const struct packet *packet, bool reversed, __u8 direction) {
  __builtin_memset(flow, 0, sizeof(*flow));
  flow->source = reversed ? packet->destination : packet->source;
  flow->destination = reversed ? packet->source : packet->destination;
  flow->source_port = reversed ? packet->destination_port : packet->source_port;
  flow->destination_port = reversed ? packet->source_port : packet->destination_port;
  flow->protocol = packet->protocol;
  flow->direction = direction;
}

static __always_inline bool is_known(struct flow *flow, bool refresh) {
  __u64 now = bpf_ktime_get_ns();
  __u64 *seen = bpf_map_lookup_elem(&flows, flow);
  if (!seen || now - *seen > (flow->protocol == IPPROTO_TCP ? TCP_IDLE : OTHER_IDLE))
    return false;
  if (refresh)
    *seen = now;
  return true;
}

// Whether the packet answers a connection that this pod opened, or that was let in to it.
static __always_inline bool is_reply(struct packet *packet, __u8 direction) {
  struct flow flow;
  // An echo request begins a conversation, however much it looks like the answer to one.
  if (packet->icmp_type == 8 || (packet->protocol == PROTO_ICMPV6 && packet->icmp_type == 128))
    return false;
  key_of(&flow, packet, true, direction == EGRESS ? INGRESS : EGRESS);
  return is_known(&flow, true);
}

// Whether the packet is an ICMP error about a packet of such a connection, which it quotes.
static __always_inline bool is_related(struct __sk_buff *skb, struct packet *packet, __u8 direction) {
  struct packet quoted = {};
  struct flow flow;
  bool error4 = packet->protocol == IPPROTO_ICMP &&
                (packet->icmp_type == 3 || packet->icmp_type == 11 || packet->icmp_type == 12);
  bool error6 = packet->protocol == PROTO_ICMPV6 && packet->icmp_type >= 1 && packet->icmp_type <= 4;
  if (error4) {
    if (!read4(skb, packet->payload + 8, &quoted))
      return false;
  } else if (error6) {
    if (!read6(skb, packet->payload + 8, &quoted))
      return false;
  } else {
    return false;
  }
  if (quoted.later_fragment || !read_ports(skb, &quoted))
    return false;
  // It comes to whoever sent what it quotes: a packet of the connection in its own direction, or a reply.
  if (!same(&quoted.source, &packet->destination))
    return false;
  key_of(&flow, &quoted, false, direction == EGRESS ? INGRESS : EGRESS);
  if (is_known(&flow, false))
    return true;
  key_of(&flow, &quoted, true, direction);
  return is_known(&flow, false);
}

// --- the verdict

static __always_inline bool lookup(void *policy, struct policy_key *key, bool *verdict) {
  __u32 *found = bpf_map_lookup_elem(policy, key);
  if (!found)
    return false;
  *verdict = *found == 1;
  return true;
}

static __always_inline bool allowed(void *policy, __u32 group, __u32 peer, __u8 direction, const struct packet *packet) {
  bool verdict = false;
  struct policy_key key = {
      .prefix = 96,
      .group = bpf_htonl(group),
      .peer = bpf_htonl(peer),
      .direction = direction,
      .protocol = has_ports(packet->protocol) ? packet->protocol : 0,
      .port = has_ports(packet->protocol) ? packet->destination_port : 0,
  };
  if (lookup(policy, &key, &verdict))
    return verdict;
  key.peer = bpf_htonl(ANYONE);
  return lookup(policy, &key, &verdict) && verdict;
}

static __always_inline int judge(struct __sk_buff *skb, __u8 direction) {
  struct packet packet = {};
  __u16 ethertype;
  if (bpf_skb_load_bytes(skb, 12, &ethertype, sizeof(ethertype)))
    return count(UNREADABLE, TC_ACT_SHOT);
  if (ethertype == bpf_htons(ETH_P_ARP))
    return TC_ACT_UNSPEC;
  if (ethertype == bpf_htons(ETH_P_IP)) {
    if (!read4(skb, ETH_HLEN, &packet))
      return count(UNREADABLE, TC_ACT_SHOT);
  } else if (ethertype == bpf_htons(ETH_P_IPV6)) {
    if (!read6(skb, ETH_HLEN, &packet))
      return count(UNREADABLE, TC_ACT_SHOT);
  } else {
    return count(UNREADABLE, TC_ACT_SHOT);
  }
  // Headers that say they are longer than the packet.
  if (packet.payload > skb->len)
    return count(UNREADABLE, TC_ACT_SHOT);

  __u32 zero = 0;
  __u32 *slot = bpf_map_lookup_elem(&generation, &zero);
  if (!slot)
    return count(UNREADABLE, TC_ACT_SHOT);
  __u32 which = *slot & 1;
  void *identities = bpf_map_lookup_elem(&identity_slots, &which);
  void *policy = bpf_map_lookup_elem(&policy_slots, &which);
  if (!identities || !policy)
    return count(UNREADABLE, TC_ACT_SHOT);

  struct identity_key key = {.prefix = 160, .address = packet.source};
  struct identity *source = bpf_map_lookup_elem(identities, &key);
  key.address = packet.destination;
  struct identity *destination = bpf_map_lookup_elem(identities, &key);
  if (!source || !destination)
    return count(UNREADABLE, TC_ACT_SHOT);
  __u32 group = direction == EGRESS ? source->egress : destination->ingress;
  if (group == 0)
    return count(PASSED, TC_ACT_UNSPEC);
  if (same(&packet.source, &packet.destination))
    return count(PASSED, TC_ACT_UNSPEC);
  // Only a node itself and a pod that runs on it have the same number but for the top bit.
  if ((source->node ^ destination->node) == 0x80000000)
    return count(PASSED, TC_ACT_UNSPEC);

  struct fragment fragment = {
      .source = packet.source,
      .destination = packet.destination,
      .id = packet.id,
      .protocol = packet.protocol,
      .direction = direction,
  };
  if (packet.later_fragment) {
    __u64 *first = bpf_map_lookup_elem(&fragments, &fragment);
    return first && bpf_ktime_get_ns() - *first < 30 * SECONDS ? count(PASSED, TC_ACT_UNSPEC)
                                                               : count(FRAGMENT, TC_ACT_SHOT);
  }
  if (!read_ports(skb, &packet))
    return count(UNREADABLE, TC_ACT_SHOT);
  // Neighbour discovery (RFC 4861) is how addresses are found at all; in IPv4 its number means nothing.
  bool passes = packet.source.family == bpf_htonl(6) && packet.protocol == PROTO_ICMPV6 && packet.icmp_type >= 133 &&
                packet.icmp_type <= 137;
  if (!passes)
    passes = is_reply(&packet, direction) || is_related(skb, &packet, direction);
  if (!passes) {
    __u32 peer = direction == EGRESS ? destination->number : source->number;
    if (!allowed(policy, group, peer, direction, &packet))
      return count(DENIED, TC_ACT_SHOT);
    struct flow flow;
    __u64 now = bpf_ktime_get_ns();
    key_of(&flow, &packet, false, direction);
    bpf_map_update_elem(&flows, &flow, &now, BPF_ANY);
  }
  if (packet.fragmented) {
    __u64 now = bpf_ktime_get_ns();
    bpf_map_update_elem(&fragments, &fragment, &now, BPF_ANY);
  }
  return count(PASSED, TC_ACT_UNSPEC);
}

SEC("tc")
int from_pod(struct __sk_buff *skb) { return judge(skb, EGRESS); }

SEC("tc")
int to_pod(struct __sk_buff *skb) { return judge(skb, INGRESS); }

char _license[] SEC("license") = "Apache-2.0";
