using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>The delivery rate of a path: the maximum over the last round trips, since many of them do not use the path fully.</summary>
internal sealed class DeliveryRate
{
    private const int Rounds = 8;
    private static readonly TimeSpan LeastRound = TimeSpan.FromMilliseconds(1);

    private readonly double[] _rates = new double[Rounds];
    private Timestamp? _began;
    private long _bytes;
    private int _next;

    /// <summary>The rate in bytes per second.</summary>
    public double BytesPerSecond { get; private set; }

    /// <summary>Bytes were delivered.</summary>
    public void Add(int bytes) => _bytes += bytes;

    /// <summary>
    /// A round trip has passed. Very short ones are combined, since single batches would otherwise look like a fast path.
    /// </summary>
    public void EndRound(Timestamp now)
    {
        if (_began is { } began)
        {
            TimeSpan took = now - began;
            if (took < LeastRound)
                return;
            _rates[_next] = _bytes / took.TotalSeconds;
            _next = (_next + 1) % Rounds;
            BytesPerSecond = _rates.Max();
        }

        _began = now;
        _bytes = 0;
    }

    /// <summary>Forgets everything.</summary>
    public void Forget()
    {
        Array.Clear(_rates);
        BytesPerSecond = 0;
        _began = null;
        _bytes = 0;
    }
}
