using System.CommandLine;
using Freshet.Cli.Parsing;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Peers;

/// <summary>Sources of peers other than trackers: <c>--dht</c> and <c>--lsd</c>.</summary>
internal sealed class SourceOptions
{
    private readonly Option<bool> _dht = new("--dht") { Description = "Look in the DHT as well." };
    private readonly Option<HostPort[]> _bootstrap = DhtBootstrap.Option();
    private readonly Option<bool> _lsd = new("--lsd") { Description = "Listen on the local networks as well." };
    private readonly Option<int?> _lsdTime = Values.SecondsOption(
        "--lsd-time", $"How long to listen; {LocalSearch.Interval.TotalSeconds:0} if not given, long enough to hear every client.");

    public void AddTo(Command command)
    {
        command.Add(_dht);
        command.Add(_bootstrap);
        command.Add(_lsd);
        command.Add(_lsdTime);
    }

    /// <summary>Whether sources other than trackers are asked.</summary>
    public bool AreGiven(ParseResult parsed) => HasDht(parsed) || HasLocal(parsed);

    /// <exception cref="CliException">A source cannot be used with this network access.</exception>
    public void Require(ParseResult parsed, NetworkAccess access)
    {
        if (HasLocal(parsed) && access.Proxy is not null)
            throw new CliException("No local network is behind a proxy.", "Leave out --lsd or --proxy.");
    }

    /// <summary>Asks the DHT; null if that was not requested.</summary>
    public async Task<DhtPeers?> AskDhtAsync(
        ParseResult parsed, InfoHash infoHash, NetworkAccess access, CancellationToken cancellationToken)
    {
        if (!HasDht(parsed))
            return null;
        DhtNodeOptions options = new()
        {
            Bind = access.Bind,
            NameServers = access.NameServers,
            Proxy = access.Proxy,
            Dht = new DhtOptions { Bootstrap = DhtBootstrap.Of(parsed.GetValue(_bootstrap)), ReadOnly = true },
        };
        try
        {
            DhtNode node = await DhtNode.StartAsync(options, cancellationToken).ConfigureAwait(false);
            await using (node.ConfigureAwait(false))
                return await node.FindPeersAsync(infoHash, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (FreshetException e)
        {
            throw new CliException(e.Message, "Choose another address with --bind.", e);
        }
    }

    /// <summary>Listens on the local networks; null if that was not requested.</summary>
    public async Task<LocalReport?> ListenAsync(
        ParseResult parsed, InfoHash infoHash, NetworkAccess access, CancellationToken cancellationToken)
    {
        if (!HasLocal(parsed))
            return null;
        TimeSpan time = parsed.GetValue(_lsdTime) is { } seconds ? TimeSpan.FromSeconds(seconds) : LocalSearch.Interval;
        return new LocalReport(
            await LocalSearch.FindPeersAsync(infoHash, time, access, cancellationToken).ConfigureAwait(false), time);
    }

    private bool HasDht(ParseResult parsed) => parsed.GetValue(_dht) || parsed.GetValue(_bootstrap) is { Length: > 0 };

    private bool HasLocal(ParseResult parsed) => parsed.GetValue(_lsd) || parsed.GetValue(_lsdTime) is not null;
}
