package dev.postern.prove;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BitVecNum;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Context;
import com.microsoft.z3.Expr;
import java.math.BigInteger;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Tells sentences to Z3, given how the parts of a packet are told to it. */
abstract class SentenceEncoding implements Sentence.Cases<BoolExpr> {

  final Context context;
  private final Map<Sentence, BoolExpr> known = new IdentityHashMap<>();

  SentenceEncoding(Context context) {
    this.context = context;
  }

  /** What the numbers that stand for a packet have to be to stand for one. */
  abstract BoolExpr given();

  final BoolExpr of(Sentence sentence) {
    BoolExpr before = known.get(sentence);
    if (before == null) {
      before = sentence.on(this);
      known.put(sentence, before);
    }
    return before;
  }

  private BoolExpr[] of(List<Sentence> parts) {
    return parts.stream().map(this::of).toArray(BoolExpr[]::new);
  }

  @Override
  public final BoolExpr all(Sentence.All all) {
    return all == Sentence.YES ? context.mkTrue() : context.mkAnd(of(all.parts()));
  }

  @Override
  public final BoolExpr any(Sentence.Any any) {
    return any == Sentence.NO ? context.mkFalse() : context.mkOr(of(any.parts()));
  }

  @Override
  public final BoolExpr not(Sentence.Not not) {
    return context.mkNot(of(not.part()));
  }

  @Override
  public final BoolExpr unknown(Sentence.Unknown unknown) {
    return context.mkBoolConst("not_understood_" + unknown.number());
  }

  /** A vector's value is one from the first to the last. */
  final BoolExpr between(BitVecExpr vector, BigInteger first, BigInteger last) {
    int bits = vector.getSortSize();
    if (first.equals(last)) {
      return context.mkEq(vector, context.mkBV(first.toString(), bits));
    }
    BoolExpr from = context.mkBVUGE(vector, context.mkBV(first.toString(), bits));
    BoolExpr to = context.mkBVULE(vector, context.mkBV(last.toString(), bits));
    boolean all = last.equals(BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
    return first.signum() == 0 ? all ? context.mkTrue() : to : all ? from : context.mkAnd(from, to);
  }

  static BigInteger number(Expr<?> value) {
    return ((BitVecNum) value).getBigInteger();
  }
}
