using System.Buffers;
using System.Net;
using System.Text;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Tracker.Swarms;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Freshet.Tracker.Http;

/// <summary>Serves <c>/announce</c>, <c>/scrape</c> and a text status at <c>/</c>.</summary>
internal sealed class TrackerApplication(SharedSwarms swarms, OpenConnections connections, TrackerOptions options)
    : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        ArrayBufferWriter<byte> body = new(512);
        context.Response.StatusCode = HttpMethods.IsGet(context.Request.Method)
            ? Answer(context, body)
            : StatusCodes.Status405MethodNotAllowed;
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = body.WrittenCount;
        if (connections.AreMany)
            context.Response.Headers.Connection = "close";
        await context.Response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }

    private int Answer(HttpContext context, ArrayBufferWriter<byte> body)
    {
        switch (context.Request.Path.Value)
        {
            case "/announce":
                Announce(context, body);
                return StatusCodes.Status200OK;
            case "/scrape":
                Scrape(context, body);
                return StatusCodes.Status200OK;
            case "/":
                Describe(body);
                return StatusCodes.Status200OK;
            default:
                return StatusCodes.Status404NotFound;
        }
    }

    private void Announce(HttpContext context, ArrayBufferWriter<byte> body)
    {
        if (context.Connection.RemoteIpAddress is not { } remote)
        {
            TrackerAnswer.WriteFailure(body, "the connection has no address");
            return;
        }

        if (!AnnounceQuery.TryParse(context.Request.QueryString.Value, out AnnounceQuery? query, out string? error))
        {
            swarms.CountRefused();
            TrackerAnswer.WriteFailure(body, error);
            return;
        }

        IPAddress asker = AskerAddress.Of(remote, context.Request, options);
        bool believes = query.Address is { } named && AskerAddress.IsIn(asker, options.TrustAnnouncedAddressFrom)
            && (query.Port == 0 || AddressScopes.CanBeDialled(new IPEndPoint(named, query.Port)));
        SwarmRequest request = new()
        {
            InfoHash = query.InfoHash,
            PeerId = query.PeerId,
            Address = PeerAddress.From(believes ? query.Address! : asker, query.Port),
            Event = query.Event,
            Left = query.Left,
            NumWant = query.NumWant,
        };
        SwarmReply reply = swarms.Announce(request);
        if (reply.FailureReason is not null)
            TrackerAnswer.WriteFailure(body, reply.FailureReason, reply.RetryInMinutes);
        else
            TrackerAnswer.WriteAnnounce(body, reply, query, PeerAddress.From(asker, query.Port), options);
    }

    private void Scrape(HttpContext context, ArrayBufferWriter<byte> body)
    {
        if (ScrapeQuery.TryParse(context.Request.QueryString.Value, out List<InfoHash>? infoHashes, out string? error))
        {
            TrackerAnswer.WriteScrape(body, swarms.Scrape(infoHashes));
            return;
        }

        swarms.CountRefused();
        TrackerAnswer.WriteFailure(body, error);
    }

    private void Describe(ArrayBufferWriter<byte> body)
    {
        TrackerStatistics now = swarms.Statistics;
        Encoding.UTF8.GetBytes(
            $"Freshet tracker\ntorrents {now.Torrents}\npeers {now.Peers}\nseeds {now.Seeds}\npeers-ipv6 {now.PeersV6}\n"
            + $"downloaded {now.Downloaded}\nannounces {now.Announces}\nannounces-udp {now.UdpAnnounces}\nscrapes {now.Scrapes}\n"
            + $"scrapes-udp {now.UdpScrapes}\nconnects-udp {now.UdpConnects}\ndropped-udp {now.UdpDropped}\nrefused {now.Refused}\n"
            + $"uptime {(long)now.Uptime.TotalSeconds}\n",
            body);
    }
}
