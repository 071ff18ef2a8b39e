package dev.postern.replay;

import dev.postern.net.Address;

/**
 * The addresses that were seen of one end, as far as is kept of them.
 *
 * @param lowest the lowest
 * @param highest the highest, of the same family
 */
record AddressCover(Address lowest, Address highest) {

  static AddressCover of(Address one) {
    return new AddressCover(one, one);
  }

  AddressCover with(Address more) {
    return more.compareTo(lowest) < 0
        ? new AddressCover(more, highest)
        : more.compareTo(highest) > 0 ? new AddressCover(lowest, more) : this;
  }

  AddressCover with(AddressCover more) {
    return with(more.lowest).with(more.highest);
  }

  /** The address, or the smallest block that holds all. */
  @Override
  public String toString() {
    if (lowest.equals(highest)) {
      return lowest.toString();
    }
    int prefix = lowest.family().bits() - 1;
    while (!lowest.network(prefix).equals(highest.network(prefix))) {
      prefix--;
    }
    return lowest.network(prefix) + "/" + prefix;
  }
}
