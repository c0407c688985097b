using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>An entry in a <see cref="TimerWheel"/>.</summary>
internal abstract class TimerEntry
{
    /// <summary>When it is due.</summary>
    public Timestamp Deadline { get; set; } = Timestamp.Never;

    internal long Tick { get; set; }

    internal int Slot { get; set; } = -1;

    internal TimerEntry? Next { get; set; }

    internal TimerEntry? Previous { get; set; }
}
