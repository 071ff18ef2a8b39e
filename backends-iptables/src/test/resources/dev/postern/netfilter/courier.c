/*
 * Carries packets through a router: sends IP packets on one interface and says which of them come out on another, or were refused.
 *
 *   courier IN OUT MAC
 *
 * Standard input: one packet a line, in hexadecimal; a line "?" ends a batch. Every packet ends in the mark PSTN and a 4-byte number.
 * A line "!" and a count: the last packet is sent so often, and the nanoseconds that each took are said.
 * After each batch: the numbers that came out, one line, blank-separated; those to which a TCP reset came back begin with r (their source
 * port is 1024 more than the number), those that are said to be administratively prohibited with u. The last packet of a batch must be one that passes:
 * it is sent again until it comes out, so that all before it have come out or have been dropped.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 200000

static unsigned char got[MOST];
static uint32_t seen[MOST];
static int count;

static int open_on(const char *name, int *index) {
  int fd = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL));
  struct sockaddr_ll at = {0};
  int size = 8 << 20;
  *index = if_nametoindex(name);
  at.sll_family = AF_PACKET;
  at.sll_protocol = htons(ETH_P_ALL);
  at.sll_ifindex = *index;
  if (fd < 0 || *index == 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0) {
    perror(name);
    exit(2);
  }
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  return fd;
}

/* What a packet says of the packet with a number: it is that packet (p), a reset for it (r) or a prohibition of it (u); 0 if nothing. */
static char meaning(const unsigned char *packet, ssize_t length, uint32_t *number) {
  int v4 = (packet[0] >> 4) == 4;
  ssize_t at = v4 ? (packet[0] & 15) * 4 : 40;
  int protocol = packet[v4 ? 9 : 6];
  const unsigned char *payload = packet + at;
  if (length < at + 8) return 0;
  if (protocol == 6 && length >= at + 20 && (payload[13] & 4)) {
    *number = (uint32_t)(payload[2] << 8 | payload[3]) - 1024;
    return 'r';
  }
  if (memcmp(packet + length - 8, "PSTN", 4) != 0) return 0;
  memcpy(number, packet + length - 4, 4);
  *number = ntohl(*number);
  if (v4 ? protocol == 1 && payload[0] == 3 : protocol == 58 && payload[0] == 1) return payload[1] == (v4 ? 13 : 1) ? 'u' : 0;
  return 'p';
}

/* Reads what has come out; returns whether the wanted number was there. */
static int drain(int fd, uint32_t wanted, int wait) {
  unsigned char packet[65536];
  struct sockaddr_ll from;
  int found = 0;
  struct pollfd p = {fd, POLLIN, 0};
  while (poll(&p, 1, found ? 0 : wait) > 0) {
    socklen_t length = sizeof from;
    ssize_t n = recvfrom(fd, packet, sizeof packet, MSG_DONTWAIT, (struct sockaddr *)&from, &length);
    uint32_t number = MOST;
    char what;
    if (n < 28 || from.sll_pkttype == PACKET_OUTGOING) continue;
    what = meaning(packet, n, &number);
    if (what == 0 || number >= MOST) continue;
    if (!got[number]) {
      got[number] = (unsigned char)what;
      seen[count++] = number;
    }
    if (number == wanted) found = 1;
  }
  return found;
}

int main(int argc, char **argv) {
  static char line[1 << 17];
  unsigned char packet[1 << 16];
  int in_index, out_index, in, out, pending = 0;
  size_t length = 0;
  unsigned int mac[6];
  struct sockaddr_ll to = {0};
  uint32_t last = 0;
  cpu_set_t here;
  if (argc != 4 || sscanf(argv[3], "%x:%x:%x:%x:%x:%x", mac, mac + 1, mac + 2, mac + 3, mac + 4, mac + 5) != 6) {
    fprintf(stderr, "usage: courier IN OUT MAC\n");
    return 2;
  }
  /* On one processor packets do not overtake each other. */
  CPU_ZERO(&here);
  CPU_SET(sched_getcpu(), &here);
  sched_setaffinity(0, sizeof here, &here);
  in = open_on(argv[1], &in_index);
  out = open_on(argv[2], &out_index);
  to.sll_family = AF_PACKET;
  to.sll_ifindex = in_index;
  to.sll_halen = 6;
  for (int i = 0; i < 6; i++) to.sll_addr[i] = (unsigned char)mac[i];
  while (fgets(line, sizeof line, stdin)) {
    if (line[0] == '!') {
      struct timespec start, end;
      long times = atol(line + 1);
      clock_gettime(CLOCK_MONOTONIC, &start);
      for (long i = 0; i < times; i++) {
        sendto(in, packet, length, 0, (struct sockaddr *)&to, sizeof to);
        if (i % 64 == 63) drain(out, UINT32_MAX, 0);
      }
      clock_gettime(CLOCK_MONOTONIC, &end);
      printf("%ld\n", ((end.tv_sec - start.tv_sec) * 1000000000L + end.tv_nsec - start.tv_nsec) / times);
      fflush(stdout);
      continue;
    }
    if (line[0] != '?') {
      length = strcspn(line, "\n") / 2;
      for (size_t i = 0; i < length; i++) {
        unsigned int byte;
        sscanf(line + 2 * i, "%2x", &byte);
        packet[i] = (unsigned char)byte;
      }
      to.sll_protocol = htons((packet[0] >> 4) == 4 ? ETH_P_IP : ETH_P_IPV6);
      memcpy(&last, packet + length - 4, 4);
      last = ntohl(last);
      if (sendto(in, packet, length, 0, (struct sockaddr *)&to, sizeof to) < 0) perror("send");
      if (++pending % 64 == 0) drain(out, UINT32_MAX, 1);
      continue;
    }
    for (int tries = 0; length > 0 && !drain(out, last, 20) && tries < 200; tries++) {
      sendto(in, packet, length, 0, (struct sockaddr *)&to, sizeof to);
    }
    if (length > 0 && !got[last]) {
      fprintf(stderr, "the last packet did not come out\n");
      return 1;
    }
    drain(out, UINT32_MAX, 2);
    for (int i = 0; i < count; i++) {
      if (got[seen[i]] != 'p') putchar(got[seen[i]]);
      printf("%u ", seen[i]);
      got[seen[i]] = 0;
    }
    printf("\n");
    fflush(stdout);
    count = 0;
    pending = 0;
  }
  return 0;
}
