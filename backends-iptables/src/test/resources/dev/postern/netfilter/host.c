/*
 * A node's own processes: sends IP packets as local ones and says which came in for it.
 *
 * Standard input: one packet a line, in hexadecimal, is sent; "?" answers with a line of the numbers of what came in since the last one. Every
 * packet ends in the mark PSTN and a 4-byte number.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static const int protocols[] = {1, 6, 17, 47, 50, 58, 89, 108, 132};
#define COUNT (int)(sizeof protocols / sizeof protocols[0])

static void send_packet(int v4, int v6, const unsigned char *packet, size_t length) {
  ssize_t sent;
  if ((packet[0] >> 4) == 4) {
    struct sockaddr_in to = {0};
    to.sin_family = AF_INET;
    memcpy(&to.sin_addr, packet + 16, 4);
    sent = sendto(v4, packet, length, 0, (struct sockaddr *)&to, sizeof to);
  } else {
    struct sockaddr_in6 to = {0};
    to.sin6_family = AF_INET6;
    memcpy(&to.sin6_addr, packet + 24, 16);
    sent = sendto(v6, packet, length, 0, (struct sockaddr *)&to, sizeof to);
  }
  (void)sent; /* What the output hook drops is an error here. */
}

int main(void) {
  static char line[1 << 17];
  static unsigned char packet[1 << 16];
  struct pollfd in[2 * COUNT];
  int size = 8 << 20;
  int v4 = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
  int v6 = socket(AF_INET6, SOCK_RAW, IPPROTO_RAW);
  for (int i = 0; i < COUNT; i++) {
    in[2 * i].fd = socket(AF_INET, SOCK_RAW, protocols[i]);
    in[2 * i + 1].fd = socket(AF_INET6, SOCK_RAW, protocols[i]);
  }
  for (int i = 0; i < 2 * COUNT; i++) {
    in[i].events = POLLIN;
    if (in[i].fd < 0 || v4 < 0 || v6 < 0) {
      perror("socket");
      return 2;
    }
    setsockopt(in[i].fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  }
  while (fgets(line, sizeof line, stdin)) {
    if (line[0] != '?') {
      size_t length = strcspn(line, "\n") / 2;
      for (size_t i = 0; i < length; i++) {
        unsigned int byte;
        sscanf(line + 2 * i, "%2x", &byte);
        packet[i] = (unsigned char)byte;
      }
      send_packet(v4, v6, packet, length);
      continue;
    }
    while (poll(in, 2 * COUNT, 5) > 0) {
      for (int i = 0; i < 2 * COUNT; i++) {
        ssize_t n = in[i].revents & POLLIN ? recv(in[i].fd, packet, sizeof packet, MSG_DONTWAIT) : 0;
        uint32_t number;
        if (n < 8 || memcmp(packet + n - 8, "PSTN", 4) != 0) continue;
        memcpy(&number, packet + n - 4, 4);
        printf("%u ", ntohl(number));
      }
    }
    printf("\n");
    fflush(stdout);
  }
  return 0;
}
