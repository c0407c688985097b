using System.Globalization;
using Freshet.Core.Rates;

namespace Freshet.Throughput;

/// <summary>A line between two clients: its rate in each direction, and its round-trip time.</summary>
/// <param name="Rate">The rate in each direction.</param>
/// <param name="RoundTrip">The round-trip time without a queue.</param>
internal sealed record Line(DataRate Rate, TimeSpan RoundTrip)
{
    /// <summary>
    /// The shortest time that a download over it can take: a request goes one way, and the data arrives at the line's rate.
    /// </summary>
    public double IdealSeconds(long length) => RoundTrip.TotalSeconds + (length / (double)Rate.BytesPerSecond);

    /// <summary>Reads <c>MIBPERSECOND,MILLISECONDS</c>, such as <c>20,100</c>; null if the text has another form.</summary>
    public static Line? Parse(string text)
    {
        string[] parts = text.Split(',');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int rate) && rate > 0
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int roundTrip)
            ? new Line(DataRate.FromMiB(rate), TimeSpan.FromMilliseconds(roundTrip))
            : null;
    }
}
