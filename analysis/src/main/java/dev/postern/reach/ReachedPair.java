package dev.postern.reach;

/**
 * What passes from one endpoint to another.
 *
 * @param source who calls
 * @param destination who is called
 * @param reach what passes; never nothing
 */
public record ReachedPair(Endpoint source, Endpoint destination, Reach reach) {}
