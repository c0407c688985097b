using System.Collections.Immutable;
using System.Net;

namespace Freshet.Cli.Peers;

/// <summary>The peers that announced a torrent on the local networks.</summary>
/// <param name="Peers">The peers, without duplicates.</param>
/// <param name="Time">How long the command listened.</param>
internal sealed record LocalReport(ImmutableArray<IPEndPoint> Peers, TimeSpan Time);
