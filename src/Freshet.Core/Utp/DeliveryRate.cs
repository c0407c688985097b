using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>How fast a line delivers: the most in any of the last round trips, since many are not used to the full.</summary>
internal sealed class DeliveryRate
{
    private const int Rounds = 8;
    private static readonly TimeSpan LeastRound = TimeSpan.FromMilliseconds(1);

    private readonly double[] _rates = new double[Rounds];
    private Timestamp? _began;
    private long _bytes;
    private int _next;

    /// <summary>Bytes a second.</summary>
    public double BytesPerSecond { get; private set; }

    /// <summary>Bytes were delivered.</summary>
    public void Add(int bytes) => _bytes += bytes;

    /// <summary>A round trip has passed. Very short ones are taken together, or single batches would look like a fast line.</summary>
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

    /// <summary>Nothing is known any more.</summary>
    public void Forget()
    {
        Array.Clear(_rates);
        BytesPerSecond = 0;
        _began = null;
        _bytes = 0;
    }
}
