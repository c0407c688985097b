using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Pages;

/// <summary>
/// The web page, embedded in the assembly. Browsers keep files whose names contain a hash of their content forever; the others are
/// revalidated.
/// </summary>
internal sealed class EmbeddedPage
{
    private const string Prefix = "page/";
    private const int LeastToCompress = 512;
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        + "connect-src 'self'; media-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'";

    private readonly FrozenDictionary<string, PageFile> _files;

    public EmbeddedPage()
        : this(ReadAll(typeof(EmbeddedPage).Assembly))
    {
    }

    internal EmbeddedPage(IEnumerable<KeyValuePair<string, byte[]>> files) =>
        _files = files.ToFrozenDictionary(file => "/" + file.Key, file => PageFile.Of(file.Key, file.Value), StringComparer.Ordinal);

    /// <summary>Serves the page if the path is one of its files or views.</summary>
    public async Task<bool> TryServeAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            return false;
        string path = context.Request.Path.Value ?? "/";
        bool isView = path == "/" || !Path.GetFileName(path).Contains('.', StringComparison.Ordinal);
        if (!_files.TryGetValue(isView ? "/index.html" : path, out PageFile? file))
            return false;
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = file.IsImmutable ? "public, max-age=31536000, immutable" : "no-cache";
        headers.ETag = file.Tag;
        headers.Vary = "Accept-Encoding";
        if (context.Request.Headers.IfNoneMatch == file.Tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return true;
        }

        bool isPacked = file.Packed is not null
            && context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        if (isPacked)
            headers.ContentEncoding = "br";
        byte[] bytes = isPacked ? file.Packed! : file.Bytes;
        context.Response.ContentType = file.Media;
        context.Response.ContentLength = bytes.Length;
        if (HttpMethods.IsGet(context.Request.Method))
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
        return true;
    }

    private static IEnumerable<KeyValuePair<string, byte[]>> ReadAll(Assembly assembly)
    {
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            yield return new(name[Prefix.Length..], bytes);
        }
    }

    /// <summary>A file of the page.</summary>
    private sealed record PageFile(byte[] Bytes, byte[]? Packed, string Media, string Tag, bool IsImmutable)
    {
        public static PageFile Of(string name, byte[] bytes)
        {
            byte[] packed = bytes.Length < LeastToCompress ? bytes : Pack(bytes);
            return new PageFile(
                bytes,
                packed.Length < bytes.Length ? packed : null,
                MediaOf(name),
                $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"",
                Regex.IsMatch(name, @"-[A-Za-z0-9_-]{8}\.[a-z0-9]+$"));
        }

        private static byte[] Pack(byte[] bytes)
        {
            using MemoryStream packed = new();
            using (BrotliStream brotli = new(packed, CompressionLevel.Optimal))
                brotli.Write(bytes);
            return packed.ToArray();
        }

        private static string MediaOf(string name) => Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".png" => "image/png",
            ".ico" => "image/x-icon",
            ".woff2" => "font/woff2",
            ".json" or ".webmanifest" => "application/json",
            _ => "application/octet-stream",
        };
    }
}
