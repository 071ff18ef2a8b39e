package dev.postern.tier;

/** Conditions on 64 flows, a bit for each. */
enum Words implements BooleanAlgebra<Long> {
  OF_64_FLOWS;

  @Override
  public Long no() {
    return 0L;
  }

  @Override
  public Long yes() {
    return -1L;
  }

  @Override
  public Long not(Long condition) {
    return ~condition;
  }

  @Override
  public Long and(Long one, Long other) {
    return one & other;
  }

  @Override
  public Long or(Long one, Long other) {
    return one | other;
  }
}
