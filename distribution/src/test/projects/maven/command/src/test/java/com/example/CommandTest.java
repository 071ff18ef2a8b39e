package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.postern.cli.Postern;
import dev.postern.cli.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CommandTest {

  @Test
  void theCommandRunsInAProgram() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int status = Postern.run(
        Console.of(InputStream.nullInputStream(), out, out),
        "can", "shop/frontend", "reach", "shop/db", "on", "5432", "-f", "../deploy");
    String said = out.toString(StandardCharsets.UTF_8);
    assertEquals(0, status, said);
    assertTrue(said.startsWith("allowed: shop/frontend -> shop/db on tcp/5432"), said);
  }

  @Test
  void itKnowsItsVersion() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Postern.run(Console.of(InputStream.nullInputStream(), out, out), "--version");
    assertEquals("postern @version@\n", out.toString(StandardCharsets.UTF_8));
  }
}
