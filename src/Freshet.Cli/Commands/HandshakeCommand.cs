using System.CommandLine;
using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.Peers;
using Freshet.Cli.Sources;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet handshake TORRENT HOST:PORT</c>: connects to a peer and shows its client, reserved bits and extensions.</summary>
internal static class HandshakeCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Argument<TorrentReference> torrent = CommonOptions.Torrent();
        Argument<HostPort> peer = Values.PeerArgument("HOST:PORT", "The peer.");
        AccessOptions network = new();
        Option<bool> json = CommonOptions.Json();
        Command command = new("handshake", "Connect to a peer and show its client, reserved bits and extensions.")
        {
            torrent, peer, json,
        };
        network.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            NetworkAccess way = network.Of(parsed);
            LoadedTorrent loaded =
                await TorrentLoader.LoadAsync(parsed.GetValue(torrent), way, cancellationToken).ConfigureAwait(false);
            PeerProbeResult result =
                await ProbeAsync(loaded.Metainfo, parsed.GetValue(peer), way, cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json))
                JsonOutput.Write(streams, JsonOutput.OneLine, writer => PeerProbeOutput.WriteJson(writer, result));
            else
                PeerProbeOutput.WriteText(streams.Out, result);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Tries the addresses of a host name one after the other.</summary>
    private static async Task<PeerProbeResult> ProbeAsync(
        TorrentMetainfo metainfo, HostPort peer, NetworkAccess way, CancellationToken cancellationToken)
    {
        IPEndPoint[] endPoints = await peer.ResolveAsync(way, cancellationToken).ConfigureAwait(false);
        for (int i = 0; ; i++)
        {
            try
            {
                return await PeerProbe.RunAsync(metainfo, endPoints[i], way, cancellationToken).ConfigureAwait(false);
            }
            catch (FreshetException) when (i < endPoints.Length - 1)
            {
                // The next address may be reachable.
            }
        }
    }
}
