package dev.postern.cli.watch;

import dev.postern.cli.proof.ProofResult;

/**
 * What was seen in one round.
 *
 * @param result what holds
 * @param status the exit status that says so
 * @param anew whether it was proved in this round; else nothing had changed since the last
 */
public record WatchRound(ProofResult result, int status, boolean anew) {}
