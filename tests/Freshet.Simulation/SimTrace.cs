using System.Globalization;
using System.Text;
using Freshet.Core.Rates;

namespace Freshet.Simulation;

/// <summary>The events as lines: a fingerprint of all of them, and the last ones in full for the message of a failure.</summary>
/// <param name="clock">The clock that gives the lines their time.</param>
/// <param name="kept">The number of lines that are kept.</param>
internal sealed class SimTrace(SimClock clock, int kept)
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    private readonly Queue<string> _last = new();
    private readonly Timestamp _start = clock.Now;

    /// <summary>The fingerprint of all lines so far (FNV-1a), which is the same for two identical runs.</summary>
    public ulong Fingerprint { get; private set; } = FnvOffset;

    public long Lines { get; private set; }

    public void Add(string who, string what)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{(clock.Now - _start).TotalSeconds,10:0.000000} {who,-10} {what}");
        foreach (char letter in line)
            Fingerprint = (Fingerprint ^ letter) * FnvPrime;
        Lines++;
        _last.Enqueue(line);
        if (_last.Count > kept)
            _last.Dequeue();
    }

    /// <summary>The last lines.</summary>
    public override string ToString() => new StringBuilder().AppendJoin('\n', _last).ToString();
}
