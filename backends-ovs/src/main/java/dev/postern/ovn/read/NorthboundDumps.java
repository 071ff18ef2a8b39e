package dev.postern.ovn.read;

import dev.postern.backend.Note;
import dev.postern.backend.Reader;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.ovn.NorthboundDatabase;
import dev.postern.ovn.OvnOptions;
import dev.postern.ovn.ovsdb.OvsdbClient;
import dev.postern.ovn.ovsdb.Remote;
import dev.postern.ovn.ovsdb.Tls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What {@code postern prove} reads of an OVN network: a dump, or the live database itself. Ports that tell no address are taken to be named as
 * OVN-Kubernetes names them.
 */
public final class NorthboundDumps implements Reader {

  private static final String NORTHBOUND = "ovn-nb";
  private static final Pattern SERVER = Pattern.compile("(unix|tcp|ssl):.+", Pattern.DOTALL);
  private static final String KEY = "ovn-private-key";
  private static final String CERTIFICATE = "ovn-certificate";
  private static final String AUTHORITY = "ovn-ca-cert";

  @Override
  public String target() {
    return "ovn";
  }

  @Override
  public List<Input> inputs() {
    return List.of(new Input(
        NORTHBOUND,
        "The live database, as unix:/run/ovn/ovnnb_db.sock, tcp:host:6641 or ssl:host:6641 (several with commas: the first that answers); or what `ovsdb-client dump -f json <server> OVN_Northbound` or `ovsdb-client backup` prints, or transaction.json of postern compile.",
        true,
        false,
        List.of(
            "ovsdb-client",
            "dump",
            "-f",
            "json",
            "unix:/var/run/ovn/ovnnb_db.sock",
            "OVN_Northbound")));
  }

  @Override
  public List<Credential> credentials() {
    return List.of(
        new Credential(KEY, "For ssl:host:port: the client's private key, PEM (PKCS#8)."),
        new Credential(CERTIFICATE, "For ssl:host:port: the client's certificate, PEM."),
        new Credential(
            AUTHORITY,
            "For ssl:host:port: the certificate of the authority that signed the server's, PEM."));
  }

  @Override
  public Optional<Dump> ask(Input input, String given, Map<String, Path> credentials)
      throws IOException {
    if (!SERVER.matcher(given).matches()) {
      return Optional.empty();
    }
    List<Remote> remotes;
    try {
      remotes = Remote.parse(given);
    } catch (IllegalArgumentException problem) {
      throw new IOException(problem.getMessage(), problem);
    }
    Optional<Path> key = Optional.ofNullable(credentials.get(KEY));
    Optional<Path> certificate = Optional.ofNullable(credentials.get(CERTIFICATE));
    Optional<Path> authority = Optional.ofNullable(credentials.get(AUTHORITY));
    Optional<Tls> tls =
        key.flatMap(k -> certificate.flatMap(c -> authority.map(a -> new Tls(k, c, a))));
    if (tls.isEmpty() && remotes.stream().anyMatch(each -> each.kind() == Remote.Kind.SSL)) {
      throw new MissingCredentials(credentials());
    }
    try (OvsdbClient client = OvsdbClient.connect(remotes, tls)) {
      return Optional.of(new Dump(given, new NorthboundDatabase(client).dump()));
    }
  }

  @Override
  public Reading read(Map<String, List<Dump>> dumps, Cluster cluster, Scope scope) {
    Dump database = dumps.getOrDefault(NORTHBOUND, List.of()).get(0);
    PodPorts named = PodPorts.of(cluster, OvnOptions.DEFAULT.portName());
    try {
      NorthboundReader.NorthboundRules reading =
          NorthboundReader.read(database.text(), database.file(), named);
      return new Reading(reading.rules(), reading.contract(), List.of(), reading.problems())
          .withNotes(reading.notes().stream().map(Note::of).toList())
          .isolating(reading.isolation());
    } catch (IllegalArgumentException problem) {
      return Reading.unreadable(List.of(String.valueOf(problem.getMessage())));
    }
  }
}
