package dev.postern.cli.proof;

import dev.postern.cli.console.Json;
import java.io.PrintWriter;

/** How a proof is printed. */
public enum ProofFormat {
  text {
    @Override
    public void write(Proven proven, PrintWriter out) {
      new ProofText(out).write(proven);
    }
  },
  json {
    @Override
    public void write(Proven proven, PrintWriter out) {
      Json.write(out, json -> ProofJson.write(json, proven));
    }
  };

  public abstract void write(Proven proven, PrintWriter out);
}
