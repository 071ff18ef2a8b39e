package dev.postern.nftables;

/** The scripts beside a ruleset. They work in the network namespace that they are run in, and hold no text from any manifest. */
final class NftablesScripts {

  private NftablesScripts() {}

  static final String APPLY = """
      #!/bin/sh
      # Replaces the table `inet postern` with the one in ruleset.nft, in one transaction: a packet meets the old rules or the new ones.
      # Nothing else is touched. Running it twice changes nothing.
      set -eu
      cd "$(dirname "$0")"
      exec "${NFT:-nft}" -f ruleset.nft
      """;

  static final String REMOVE = """
      #!/bin/sh
      # Takes away the table `inet postern` and nothing else. Running it twice does no harm.
      set -eu
      printf 'table inet postern {}\\ndelete table inet postern\\n' | "${NFT:-nft}" -f -
      """;
}
