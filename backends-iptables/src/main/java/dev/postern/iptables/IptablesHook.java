package dev.postern.iptables;

/** A built-in chain that leads to ours. */
enum IptablesHook {
  FORWARD("FORWARD", Chains.MAIN),
  INPUT("INPUT", Chains.MAIN),
  OUTPUT("OUTPUT", Chains.MAIN),
  /** OUTPUT without what the node itself sends. */
  SERVED("OUTPUT", Chains.SERVED);

  private final String builtIn;
  private final String leadsTo;

  IptablesHook(String builtIn, String leadsTo) {
    this.builtIn = builtIn;
    this.leadsTo = leadsTo;
  }

  /** The line of iptables-restore that puts it first in the mangle table. */
  String inMangle() {
    return line(leadsTo);
  }

  /** The same in the filter table, where only what mangle has marked is refused. */
  String inFilter() {
    return line(Chains.MAIN);
  }

  private String line(String chain) {
    return "-I " + builtIn + " 1 -j " + chain + "\n";
  }
}
