using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Cli.Parsing;

/// <summary>The options of commands that exchange data with peers: the peers, the local address and the port.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<HostPort[]> _peers = Values.PeersOption("--peer", "A peer to connect to; repeatable.");
    private readonly Option<BindTarget?> _bind = CommonOptions.Bind();
    private readonly Option<IPEndPoint[]> _nameServers = CommonOptions.NameServers();
    private readonly Option<int?> _port = Values.PortOption(
        "--port", "The port to listen on; 0 lets the system choose. If not given, 6881, or another one if that is taken.");
    private readonly Option<EncryptionOptions> _encryption = EncryptionOption.Create();

    private readonly Option<bool> _noDht = new("--no-dht") { Description = "Do not use the DHT." };
    private readonly Option<bool> _noPex = new("--no-pex") { Description = "Do not exchange peers with other peers (PEX)." };
    private readonly Option<bool> _noLsd = new("--no-lsd") { Description = "Do not look for peers on the local network." };
    private readonly Option<bool> _noMapping = new("--no-port-mapping")
    {
        Description = "Do not ask the router to map a port to this machine.",
    };

    private readonly Option<bool> _noPreferences = new("--no-tracker-preferences")
    {
        Description = "Do not look up in DNS where a host has its trackers (BEP 34).",
    };

    private readonly Option<HostPort[]> _bootstrap = DhtBootstrap.Option();
    private readonly Option<bool> _enforceIds = DhtIds.Option();
    private readonly Option<UtpMode?> _utp = new("--utp")
    {
        Description = "Whether to use uTP: on (the default; TCP is tried first), off, or only (no TCP).",
        HelpName = "on|off|only",
        CustomParser = ReadUtp,
    };

    private readonly ProxyOption _proxy = new();

    public void AddTo(Command command)
    {
        _proxy.AddTo(command);
        _utp.CompletionSources.Add("on", "off", "only");
        command.Add(_noDht);
        command.Add(_noPex);
        command.Add(_noLsd);
        command.Add(_noMapping);
        command.Add(_bootstrap);
        command.Add(_enforceIds);
        command.Add(_peers);
        command.Add(_port);
        command.Add(_bind);
        command.Add(_nameServers);
        command.Add(_noPreferences);
        command.Add(_encryption);
        command.Add(_utp);
    }

    /// <summary>Whether the user has given the port, so that no other may be used.</summary>
    public bool IsPortFixed(ParseResult parsed) => parsed.GetValue(_port) is not null;

    /// <summary>Network access for operations without a session.</summary>
    public NetworkAccess Access(ParseResult parsed) => new()
    {
        Bind = Bind(parsed),
        NameServers = [.. parsed.GetValue(_nameServers) ?? []],
        Proxy = _proxy.Of(parsed),
    };

    private BindTarget? Bind(ParseResult parsed) => parsed.GetValue(_bind);

    /// <summary>The peers given by the user.</summary>
    public async Task<List<IPEndPoint>> ResolvePeersAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        List<IPEndPoint> endPoints = [];
        foreach (HostPort peer in parsed.GetValue(_peers) ?? [])
            endPoints.AddRange(await peer.ResolveAsync(Access(parsed), cancellationToken).ConfigureAwait(false));

        return endPoints;
    }

    public SessionOptions ToSessionOptions(ParseResult parsed)
    {
        SessionOptions defaults = new();
        return defaults with
        {
            ListenPort = parsed.GetValue(_port) ?? defaults.ListenPort,
            Bind = Bind(parsed),
            NameServers = [.. parsed.GetValue(_nameServers) ?? []],
            TrackerPreferences = !parsed.GetValue(_noPreferences),
            Proxy = _proxy.Of(parsed),
            Encryption = parsed.GetValue(_encryption) ?? defaults.Encryption,
            Dht = parsed.GetValue(_noDht) ? null : new DhtOptions
            {
                Bootstrap = DhtBootstrap.Of(parsed.GetValue(_bootstrap)),
                EnforceNodeIds = parsed.GetValue(_enforceIds),
            },
            Utp = parsed.GetValue(_utp) ?? defaults.Utp,
            PortMapping = !parsed.GetValue(_noMapping),
            PeerExchange = !parsed.GetValue(_noPex),
            LocalDiscovery = !parsed.GetValue(_noLsd) && !IsLoopback(Bind(parsed)),
        };
    }

    // A program that is bound to loopback is not looking for neighbours on the network.
    private static bool IsLoopback(BindTarget? bindTo) => bindTo?.Address is { } address && IPAddress.IsLoopback(address);

    private static UtpMode? ReadUtp(ArgumentResult result)
    {
        string text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        switch (text)
        {
            case "on":
                return UtpMode.On;
            case "off":
                return UtpMode.Off;
            case "only":
                return UtpMode.Only;
            default:
                result.AddError($"--utp is on, off or only, not '{text}'.");
                return default;
        }
    }
}
