using System.Collections.Immutable;
using System.Net;

namespace Freshet.Cli.Peers;

/// <summary>Who said on the local networks that they have a torrent.</summary>
/// <param name="Peers">Each once.</param>
/// <param name="Time">For how long somebody listened.</param>
internal sealed record LocalReport(ImmutableArray<IPEndPoint> Peers, TimeSpan Time);
