package dev.postern.ovn.read;

import dev.postern.diagnostic.Origin;
import dev.postern.enforced.Condition;
import dev.postern.enforced.EnforcedRules.EnforcedRule;
import dev.postern.enforced.RuleAction;
import dev.postern.net.Address;
import dev.postern.net.AddressSet;
import dev.postern.ovn.read.NorthboundTables.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What sends packets that are to one address to another (ovn-nb(5), Load_Balancer and NAT): where the first is a pod's, rules about this pod are
 * not what decides.
 */
final class Translations {

  static final String STAGE = "load balancers and NAT";

  private static final Pattern VIP = Pattern.compile("\\[?([0-9A-Fa-f:.]+?)\\]?(?::(\\d+))?");
  private static final Pattern VIP_6 = Pattern.compile("([0-9A-Fa-f:.]+)");
  private static final int MOST_PORTS = 65_535;

  private final NorthboundTables tables;

  Translations(NorthboundTables tables) {
    this.tables = tables;
  }

  /** Whether a switch has a load balancer with an address, so that northd has all its packets tracked. */
  boolean balances(Row logical) {
    List<String> balancers = new ArrayList<>(logical.references("load_balancer"));
    for (String group : logical.references("load_balancer_group")) {
      Optional<Row> row = tables.row("Load_Balancer_Group", group);
      if (row.isEmpty()) {
        // Of a dump without this table its groups are taken to have some.
        return true;
      }
      balancers.addAll(row.get().references("load_balancer"));
    }
    return balancers.stream()
        .anyMatch(uuid -> tables
            .row("Load_Balancer", uuid)
            .map(row -> !row.map("vips").isEmpty())
            .orElse(!tables.has("Load_Balancer")));
  }

  /** Rules that do not know what becomes of packets to a pod's address that may be sent elsewhere. */
  List<EnforcedRule> rules(AddressSet pods, String file) {
    List<EnforcedRule> rules = new ArrayList<>();
    for (Row balancer : tables.rows("Load_Balancer")) {
      for (String vip : balancer.map("vips").keySet()) {
        vip(vip, balancer.text("protocol"))
            .filter(to -> pods.contains(to.address))
            .ifPresent(to -> rules.add(unknown(
                to.packets(),
                "the load balancer " + balancer.text("name") + " sends what is to " + vip
                    + " elsewhere",
                file)));
      }
    }
    for (Row nat : tables.rows("NAT")) {
      Optional<Address> external = address(nat.text("external_ip"));
      if (!nat.text("type").equals("snat") && external.filter(pods::contains).isPresent()) {
        rules.add(unknown(
            new Vip(external.get(), OptionalInt.empty(), 0).packets(),
            "NAT sends what is to " + external.get() + " elsewhere",
            file));
      }
    }
    return rules;
  }

  /** Where packets are sent on from. */
  private record Vip(Address address, OptionalInt port, int protocol) {
    Condition packets() {
      Condition to = new Condition.DestinationAddress(AddressSet.ofAddresses(List.of(address)));
      return port.isEmpty()
          ? to
          : Condition.all(
              to,
              new Condition.IpProtocol(Set.of(protocol)),
              new Condition.DestinationPort(port.getAsInt(), port.getAsInt()));
    }
  }

  private static Optional<Vip> vip(String text, String protocol) {
    int number = protocol.equals("udp") ? 17 : protocol.equals("sctp") ? 132 : 6;
    Matcher parts = VIP.matcher(text);
    boolean six = VIP_6.matcher(text).matches() && address(text).isPresent();
    if (six || !parts.matches() || parts.group(2) == null) {
      return address(text.replace("[", "").replace("]", ""))
          .map(address -> new Vip(address, OptionalInt.empty(), number));
    }
    int port = parts.group(2).length() > 5 ? 0 : Integer.parseInt(parts.group(2));
    return port < 1 || port > MOST_PORTS
        ? Optional.empty()
        : address(parts.group(1)).map(address -> new Vip(address, OptionalInt.of(port), number));
  }

  private static Optional<Address> address(String text) {
    try {
      return Optional.of(Address.parse(text));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  private static EnforcedRule unknown(Condition packets, String text, String file) {
    return new EnforcedRule(
        packets, new RuleAction.Unknown(text), text, new Origin(file, 0, 0, ""));
  }
}
