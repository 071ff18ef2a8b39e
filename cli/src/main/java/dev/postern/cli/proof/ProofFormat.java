package dev.postern.cli.proof;

import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;

/** How a proof is printed. */
public enum ProofFormat {
  text {
    @Override
    public void write(ProofResult proven, Printer out) {
      new ProofText(out).write(proven);
    }
  },
  json {
    @Override
    public void write(ProofResult proven, Printer out) {
      Json.write(out, json -> ProofJson.write(json, proven));
    }
  };

  public abstract void write(ProofResult proven, Printer out);
}
