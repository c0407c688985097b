namespace Freshet.Core.Peers;

/// <summary>The response times of a source for its most recent blocks. Memory is allocated with the first.</summary>
internal sealed class ResponseTimes
{
    private const int Kept = 64;

    private float[] _seconds = [];
    private int _next;
    private int _count;

    public void Add(TimeSpan took)
    {
        if (_seconds.Length == 0)
            _seconds = new float[Kept];
        _seconds[_next] = (float)took.TotalSeconds;
        _next = (_next + 1) % Kept;
        _count = Math.Min(_count + 1, Kept);
    }

    /// <summary>The time within which a share of the blocks (0 to 1) arrived; null if none has arrived.</summary>
    public TimeSpan? Within(double share)
    {
        if (_count == 0)
            return null;
        Span<float> sorted = stackalloc float[Kept];
        sorted = sorted[.._count];
        _seconds.AsSpan(0, _count).CopyTo(sorted);
        sorted.Sort();
        return TimeSpan.FromSeconds(sorted[Math.Clamp((int)Math.Ceiling(share * _count) - 1, 0, _count - 1)]);
    }
}
