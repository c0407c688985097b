using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;

namespace Freshet.Daemon.Tests.Pages;

/// <summary>The page as it is served.</summary>
public class EmbeddedPageTests
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        + "connect-src 'self'; media-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'";

    [Theory]
    [InlineData("/")]
    [InlineData("/index.html")]
    [InlineData("/theme.js")]
    [InlineData("/some/view")]
    public async Task Each_file_of_the_page_comes_with_a_policy_that_allows_no_inline_script(string path)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using HttpResponseMessage answer = await TestDaemon.SendAsync(daemon.Stranger, HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Policy, answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
    }

    [Fact]
    public async Task The_page_needs_no_more_than_the_policy_allows()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string index = await daemon.Stranger.GetStringAsync("/", TestContext.Current.CancellationToken);
        Assert.DoesNotMatch(new Regex(@"<style|\son[a-z]+=|\sstyle=|javascript:", RegexOptions.IgnoreCase), index);
        Assert.All(
            Regex.Matches(index, "<script[^>]*>").Select(tag => tag.Value),
            tag => Assert.Contains("src=\"", tag, StringComparison.Ordinal));
        Assert.All(
            Regex.Matches(index, "(src|href)=\"([^\"]*)\"").Select(match => match.Groups[2].Value),
            target => Assert.StartsWith("./", target.StartsWith('/') ? "." + target : target, StringComparison.Ordinal));
    }

    [Fact]
    public void The_journeys_of_the_page_run_under_the_same_policy()
    {
        string mock = File.ReadAllText(Path.Combine(Repository.Root, "web", "tests", "mock", "daemon.ts"));
        string text = Regex.Match(mock, "export const policy =(.*?);\n\n", RegexOptions.Singleline).Groups[1].Value;
        Assert.Equal(Policy, string.Concat(Regex.Matches(text, "\"([^\"]*)\"").Select(part => part.Groups[1].Value)));
    }

    [Fact]
    public async Task Files_with_a_hash_in_their_names_are_cached_and_others_are_revalidated()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string index = await daemon.Stranger.GetStringAsync("/", TestContext.Current.CancellationToken);
        string script = Regex.Match(index, @"assets/index-[\w-]+\.js").Value;
        using HttpResponseMessage asset = await TestDaemon.SendAsync(daemon.Stranger, HttpMethod.Get, "/" + script);
        Assert.Equal("text/javascript", asset.Content.Headers.ContentType?.MediaType);
        Assert.Equal("public, max-age=31536000, immutable", asset.Headers.CacheControl?.ToString());
        using HttpResponseMessage first = await TestDaemon.SendAsync(daemon.Stranger, HttpMethod.Get, "/");
        Assert.Equal("no-cache", first.Headers.CacheControl?.ToString());
        using HttpResponseMessage again = await TestDaemon.SendAsync(
            daemon.Stranger, HttpMethod.Get, "/", change: request => request.Headers.IfNoneMatch.Add(first.Headers.ETag!));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        using HttpResponseMessage head = await TestDaemon.SendAsync(daemon.Stranger, HttpMethod.Head, "/" + script);
        Assert.Equal(asset.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Files_are_compressed_for_clients_that_accept_it()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        byte[] plain = await daemon.Stranger.GetByteArrayAsync("/theme.js", TestContext.Current.CancellationToken);
        using HttpResponseMessage packed = await TestDaemon.SendAsync(
            daemon.Stranger, HttpMethod.Get, "/index.html", change: request => request.Headers.AcceptEncoding.ParseAdd("br"));
        Assert.Equal("br", packed.Content.Headers.ContentEncoding.Single());
        using BrotliStream unpacked = new(
            await packed.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        using StreamReader reader = new(unpacked);
        Assert.Equal(
            await daemon.Stranger.GetStringAsync("/index.html", TestContext.Current.CancellationToken),
            await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Repository.Root, "web", "dist", "theme.js")), plain);
    }

    [Theory]
    [InlineData("/icon.svg", "image/svg+xml")]
    [InlineData("/manifest.webmanifest", "application/json")]
    [InlineData("/theme.js", "text/javascript")]
    [InlineData("/", "text/html")]
    public async Task Each_file_has_its_type(string path, string media)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using HttpResponseMessage answer = await TestDaemon.SendAsync(daemon.Stranger, HttpMethod.Get, path);
        Assert.Equal(media, answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/assets/index.js.map")]
    [InlineData("/../secret.txt")]
    [InlineData("/api/nothing")]
    public async Task A_path_that_is_not_a_file_of_the_page_is_not_found(string path)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await daemon.RefusedAsync(HttpMethod.Get, path, null, HttpStatusCode.NotFound, "not-found");
    }
}
