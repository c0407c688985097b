namespace Freshet.Core.Rates;

/// <summary>A moment on a monotonic clock, in ticks of 100 ns since an arbitrary start. Only differences are meaningful.</summary>
internal readonly record struct Timestamp(long Ticks) : IComparable<Timestamp>
{
    /// <summary>Later than every moment.</summary>
    public static Timestamp Never => new(long.MaxValue);

    public static Timestamp operator +(Timestamp left, TimeSpan right) =>
        left == Never || right.Ticks > long.MaxValue - left.Ticks ? Never : new(left.Ticks + right.Ticks);

    public static Timestamp operator -(Timestamp left, TimeSpan right) => left == Never ? Never : new(left.Ticks - right.Ticks);

    public static TimeSpan operator -(Timestamp left, Timestamp right) => new(left.Ticks - right.Ticks);

    public static bool operator <(Timestamp left, Timestamp right) => left.Ticks < right.Ticks;

    public static bool operator >(Timestamp left, Timestamp right) => left.Ticks > right.Ticks;

    public static bool operator <=(Timestamp left, Timestamp right) => left.Ticks <= right.Ticks;

    public static bool operator >=(Timestamp left, Timestamp right) => left.Ticks >= right.Ticks;

    /// <summary>The later of two moments.</summary>
    public static Timestamp Max(Timestamp left, Timestamp right) => left > right ? left : right;

    /// <summary>The earlier of two moments.</summary>
    public static Timestamp Min(Timestamp left, Timestamp right) => left < right ? left : right;

    public int CompareTo(Timestamp other) => Ticks.CompareTo(other.Ticks);

    public override string ToString() => this == Never ? "never" : new TimeSpan(Ticks).ToString("c", null);
}
