package dev.postern.netfilter;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The processes of a node itself, as its pods see them. */
final class Host implements AutoCloseable {

  private final Process process;
  private final BufferedWriter to;
  private final BufferedReader from;

  Host(Process process) {
    this.process = process;
    this.to = process.outputWriter(StandardCharsets.US_ASCII);
    this.from = process.inputReader(StandardCharsets.US_ASCII);
    received();
  }

  /** Sends packets; returns when they are on their way. */
  void send(List<Packet> packets) {
    try {
      for (Packet packet : packets) {
        to.write(packet.hex());
        to.newLine();
      }
      received();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The numbers of the packets that came in since this was asked the last time. */
  Set<Integer> received() {
    try {
      to.write("?\n");
      to.flush();
      String line = from.readLine();
      if (line == null) {
        throw new IOException("the host ended");
      }
      Set<Integer> numbers = new HashSet<>();
      for (String number : line.trim().split(" ")) {
        if (!number.isEmpty()) {
          numbers.add(Integer.parseInt(number));
        }
      }
      return numbers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    to.close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
