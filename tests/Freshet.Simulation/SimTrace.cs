using System.Globalization;
using System.Text;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Simulation;

/// <summary>
/// The events: a fingerprint of all of them, and the last ones as lines for the message of a failure. There are millions of messages, so
/// they are made into text only for a reader.
/// </summary>
/// <param name="clock">The clock that gives the lines their time.</param>
/// <param name="kept">The number of lines that are kept.</param>
internal sealed class SimTrace(SimClock clock, int kept)
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    private readonly Queue<Line> _last = new();
    private readonly Timestamp _start = clock.Now;

    /// <summary>The fingerprint of all lines so far (FNV-1a), which is the same for two identical runs.</summary>
    public ulong Fingerprint { get; private set; } = FnvOffset;

    public long Lines { get; private set; }

    public void Add(string who, string what) => Add(new Line(clock.Now - _start, who, what));

    /// <summary>A message to a peer, or of it.</summary>
    public void Add(string who, bool isSent, PeerKey peer, in PeerMessage message) =>
        Add(new Line(clock.Now - _start, who, isSent ? "to" : "of", peer, message.Id, message.Range));

    /// <summary>The last lines.</summary>
    public override string ToString() => new StringBuilder().AppendJoin('\n', _last).ToString();

    private void Add(in Line line)
    {
        Mix((ulong)line.Time.Ticks);
        Mix(line.Who);
        Mix(line.What);
        if (line.Peer is { } peer)
        {
            Mix((ulong)peer.Value);
            Mix((ulong)line.Message);
            Mix((ulong)line.Range.Piece.Value);
            Mix((ulong)line.Range.Offset);
            Mix((ulong)line.Range.Length);
        }

        Lines++;
        _last.Enqueue(line);
        if (_last.Count > kept)
            _last.Dequeue();
    }

    private void Mix(ulong number) => Fingerprint = (Fingerprint ^ number) * FnvPrime;

    private void Mix(string text)
    {
        foreach (char letter in text)
            Mix(letter);
    }

    private readonly record struct Line(
        TimeSpan Time, string Who, string What, PeerKey? Peer = null, MessageId Message = default, BlockRange Range = default)
    {
        public override string ToString()
        {
            string message = Peer is { } peer ? string.Create(CultureInfo.InvariantCulture, $" {peer.Value}: {Message} {Range}") : "";
            return string.Create(CultureInfo.InvariantCulture, $"{Time.TotalSeconds,10:0.000000} {Who,-10} {What}{message}");
        }
    }
}
