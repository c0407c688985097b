using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>
/// The base delay, that is, the delay without queues: the minimum over the last two minutes. Measured delays include the difference between
/// two machines' clocks, so a single value means nothing, and values are compared as 32-bit numbers that wrap around.
/// </summary>
internal sealed class DelayHistory
{
    private const int Periods = 4;
    private const int Filter = 4;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private readonly uint[] _least = new uint[Periods];
    private readonly uint[] _last = new uint[Filter];
    private Timestamp _periodEnds;
    private int _period;
    private int _next;

    /// <summary>Whether there is any sample.</summary>
    public bool HasBase { get; private set; }

    /// <summary>The base delay, in microseconds from an unknown origin.</summary>
    public uint Base { get; private set; }

    /// <summary>
    /// The minimum of the most recent samples, minus <see cref="Base"/>, in microseconds: a single packet may be delayed anywhere.
    /// </summary>
    public uint Current
    {
        get
        {
            uint least = uint.MaxValue;
            foreach (uint sample in _last)
                least = Math.Min(least, Above(sample));
            return least;
        }
    }

    /// <summary>Adds a sample.</summary>
    public void Add(uint sample, Timestamp now)
    {
        if (!HasBase)
        {
            Reset(sample, now);
            return;
        }

        if (now >= _periodEnds)
        {
            _periodEnds = now + Period;
            _period = (_period + 1) % Periods;
            _least[_period] = sample;
            FindBase();
        }

        if (IsLess(sample, _least[_period]))
            _least[_period] = sample;
        if (IsLess(sample, Base))
            Base = sample;
        _last[_next] = sample;
        _next = (_next + 1) % Filter;
    }

    /// <summary>Starts over, because the clocks have changed.</summary>
    public void Reset(uint sample, Timestamp now)
    {
        HasBase = true;
        Base = sample;
        Array.Fill(_least, sample);
        Array.Fill(_last, sample);
        _periodEnds = now + Period;
    }

    /// <summary>The other clock has gained the given number of microseconds on ours.</summary>
    public void Shift(uint by)
    {
        for (int i = 0; i < Periods; i++)
            _least[i] += by;
        Base += by;
    }

    private static bool IsLess(uint left, uint right) => (int)(left - right) < 0;

    private uint Above(uint sample) => IsLess(sample, Base) ? 0 : sample - Base;

    private void FindBase()
    {
        Base = _least[0];
        foreach (uint least in _least)
        {
            if (IsLess(least, Base))
                Base = least;
        }
    }
}
