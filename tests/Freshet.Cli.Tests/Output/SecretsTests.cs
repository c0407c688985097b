using Freshet.Cli.Output;

namespace Freshet.Cli.Tests.Output;

public class SecretsTests
{
    [Theory]
    [InlineData("no URL at all", "no URL at all")]
    [InlineData("http://t.example:80/announce failed.", "http://t.example:80/announce failed.")]
    [InlineData("http://t.example/0123456789abcdef0123456789abcdef/announce", "http://t.example/****/announce")]
    [InlineData("film: udp://t.example:1337/0123456789ABCDEF: no answer", "film: udp://t.example:1337/****: no answer")]
    [InlineData("https://t.example/announce?passkey=abc&x=&y", "https://t.example/announce?passkey=****&x=&y")]
    [InlineData("(https://me:secret@t.example/a) and http://u.example/?k=v.", "(https://****@t.example/a) and http://u.example/?k=****.")]
    [InlineData("http://t.example/a-name-that-is-long.torrent", "http://t.example/a-name-that-is-long.torrent")]
    [InlineData("://", "://")]
    public void Passkeys_and_passwords_are_hidden_and_the_rest_stays(string text, string expected) =>
        Assert.Equal(expected, Secrets.Mask(text));
}
