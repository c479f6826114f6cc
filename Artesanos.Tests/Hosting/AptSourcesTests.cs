using Aspire.Hosting.Servers;
using Xunit;

namespace Artesanos.Tests.Hosting;

public sealed class AptSourcesTests
{
    [Fact]
    public void One_line_sources_are_read_with_their_key()
    {
        var source = Assert.Single(AptSources.ParseLines("""
            # deb http://old.example/debian bookworm main
            deb-src http://deb.debian.org/debian bookworm main
            deb [signed-by=/usr/share/keyrings/a.gpg] http://deb.debian.org/debian/ sid main # why
            """));

        Assert.Equal("http://deb.debian.org/debian", source.Uri);
        Assert.Equal(["main"], source.Components);
        Assert.Equal(
            "deb [signed-by=/usr/share/keyrings/a.gpg] http://deb.debian.org/debian trixie main",
            source.Line("trixie"));
    }

    [Fact]
    public void Stanzas_are_read_with_continued_lines_and_comments()
    {
        var sources = AptSources.ParseStanzas("""
            Types: deb deb-src
            # a comment inside
            URIs: http://deb.debian.org/debian
            Suites: bookworm
             bookworm-updates
            Components: main
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

            Types: deb
            URIs: http://off.example/debian
            Suites: bookworm
            Enabled: no
            """).ToList();

        var source = Assert.Single(sources);
        Assert.Equal(["bookworm", "bookworm-updates"], source.Suites);
        Assert.Equal("/usr/share/keyrings/debian-archive-keyring.gpg", source.SignedBy);
    }

    [Fact]
    public void A_key_written_into_the_stanza_is_left_to_the_keyring()
    {
        var source = Assert.Single(AptSources.ParseStanzas("""
            Types: deb
            URIs: http://archive.ubuntu.com/ubuntu
            Suites: noble
            Components: main universe
            Signed-By:
             -----BEGIN PGP PUBLIC KEY BLOCK-----
             .
             abc
            """));

        Assert.Null(source.SignedBy);
        Assert.Equal(
            "deb http://archive.ubuntu.com/ubuntu devel main universe", source.Line("devel"));
    }
}
