using System.Globalization;
using System.Text;
using Freshet.Core.Rates;

namespace Freshet.Simulation;

/// <summary>What happened, in lines: a fingerprint of all of them, and the last ones in full for a failure's message.</summary>
/// <param name="clock">Gives the lines their time.</param>
/// <param name="kept">How many lines are kept.</param>
internal sealed class SimTrace(SimClock clock, int kept)
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    private readonly Queue<string> _last = new();
    private readonly Timestamp _start = clock.Now;

    /// <summary>Of all lines so far (FNV-1a); two runs alike have the same.</summary>
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
