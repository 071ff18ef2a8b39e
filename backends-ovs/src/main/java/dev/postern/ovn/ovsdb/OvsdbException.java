package dev.postern.ovn.ovsdb;

import java.io.IOException;

/** The database said no, or something that is no answer. */
public final class OvsdbException extends IOException {

  private static final long serialVersionUID = 1L;

  public OvsdbException(String message) {
    super(message);
  }
}
