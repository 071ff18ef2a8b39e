package dev.postern.bpf;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.postern.bpf.Layout.Identity;
import dev.postern.bpf.TrieReader.PolicyEntry;
import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Contract;
import dev.postern.enforced.Contract.Established;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.net.Cidr;
import dev.postern.target.Reader;
import dev.postern.target.Reading;
import dev.postern.target.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What {@code postern prove} reads of a node with Postern's own BPF maps: both tries as {@code bpftool map dump -j} prints them. */
public final class BpfDumps implements Reader {

  private static final String IDENTITIES = "bpf-identities";
  private static final String POLICY = "bpf-policy";
  private static final JsonFactory FACTORY = new JsonFactory();

  /** A line of a dump that is no entry. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  private record Placed(Entry entry, Origin origin) {}

  @Override
  public String target() {
    return "bpf";
  }

  @Override
  public List<Input> inputs() {
    String pin = "/sys/fs/bpf/postern/";
    return List.of(
        new Input(
            IDENTITIES,
            "What `bpftool -j map dump pinned " + pin
                + "identities` prints: addresses to identities.",
            true,
            false,
            List.of("bpftool", "-j", "map", "dump", "pinned", pin + "identities")),
        new Input(
            POLICY,
            "What `bpftool -j map dump pinned " + pin + "policy` prints: identities to verdicts.",
            true,
            false,
            List.of("bpftool", "-j", "map", "dump", "pinned", pin + "policy")));
  }

  @Override
  public Reading read(Map<String, List<Dump>> dumps, Cluster cluster, Scope scope) {
    try {
      Map<Cidr, Identity> identities = new HashMap<>();
      for (Placed placed : entries(dumps.getOrDefault(IDENTITIES, List.of()))) {
        Cidr cidr = decoded(placed, () -> Layout.cidr(placed.entry.key()));
        identities.put(cidr, decoded(placed, () -> Layout.identity(placed.entry.value())));
      }
      List<PolicyEntry> policy = new ArrayList<>();
      for (Placed placed : entries(dumps.getOrDefault(POLICY, List.of()))) {
        policy.add(decoded(
            placed,
            () -> new PolicyEntry(
                Layout.policyKey(placed.entry.key()),
                Layout.passes(placed.entry.value()),
                placed.origin)));
      }
      // A pod's traffic to itself does not leave its network namespace.
      Contract contract =
          Contract.STRICT.leavingOpen(Exemption.SAME_POD).with(Established.REPLIES_PASS);
      return Reading.of(TrieReader.rules(identities, policy), contract);
    } catch (Unreadable problem) {
      return Reading.unreadable(List.of(String.valueOf(problem.getMessage())));
    }
  }

  /** Decodes an entry, or says where it cannot be. */
  private static <T> T decoded(Placed placed, Supplier<T> decoder) {
    try {
      return decoder.get();
    } catch (IllegalArgumentException problem) {
      throw new Unreadable(placed.origin + ": error: " + problem.getMessage());
    }
  }

  private static List<Placed> entries(List<Dump> dumps) {
    List<Placed> entries = new ArrayList<>();
    for (Dump dump : dumps) {
      try (JsonParser json = FACTORY.createParser(dump.text())) {
        expect(
            json.nextToken() == JsonToken.START_ARRAY, dump, json, "a dump is an array of entries");
        while (json.nextToken() == JsonToken.START_OBJECT) {
          entries.add(entry(dump, json));
        }
        expect(
            json.currentToken() == JsonToken.END_ARRAY,
            dump,
            json,
            "an entry is an object with `key` and `value`");
      } catch (JsonProcessingException problem) {
        throw new Unreadable(dump.file() + ":" + problem.getLocation().getLineNr() + ":"
            + problem.getLocation().getColumnNr() + ": error: this is not JSON: "
            + problem.getOriginalMessage());
      } catch (IOException problem) {
        throw new UncheckedIOException(problem);
      }
    }
    return entries;
  }

  private static Placed entry(Dump dump, JsonParser json) throws IOException {
    Origin origin = origin(dump, json);
    byte[] key = new byte[0];
    byte[] value = new byte[0];
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      if (field.equals("key")) {
        key = bytes(dump, json);
      } else if (field.equals("value")) {
        value = bytes(dump, json);
      } else {
        json.skipChildren();
      }
    }
    return new Placed(new Entry(key, value), origin);
  }

  private static byte[] bytes(Dump dump, JsonParser json) throws IOException {
    expect(
        json.currentToken() == JsonToken.START_ARRAY,
        dump,
        json,
        "bytes are an array such as [\"0x0a\",\"0x00\"]");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (json.nextToken() == JsonToken.VALUE_STRING) {
      String text = json.getText();
      expect(
          text.matches("0x[0-9a-fA-F]{2}"), dump, json, "`" + text + "` is no byte such as 0x0a");
      bytes.write(Integer.parseInt(text.substring(2), 16));
    }
    expect(
        json.currentToken() == JsonToken.END_ARRAY,
        dump,
        json,
        "bytes are strings such as \"0x0a\"");
    return bytes.toByteArray();
  }

  private static void expect(boolean holds, Dump dump, JsonParser json, String what) {
    if (!holds) {
      throw new Unreadable(origin(dump, json) + ": error: " + what);
    }
  }

  private static Origin origin(Dump dump, JsonParser json) {
    return new Origin(
        dump.file(),
        json.currentTokenLocation().getLineNr(),
        json.currentTokenLocation().getColumnNr(),
        "");
  }
}
