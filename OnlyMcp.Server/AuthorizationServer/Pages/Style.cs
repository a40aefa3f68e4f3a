using System.Security.Cryptography;
using System.Text;

namespace OnlyMcp.Server.AuthorizationServers.Pages;

/// <summary>How the pages look, in light and in dark. It stands in each page, and the page's policy lets in nothing but it, by its digest.</summary>
internal static class Style
{
    public const string Sheet = """
        :root {
          color-scheme: light dark;
          --ground: light-dark(#eef1f6, #10141b);
          --card: light-dark(#ffffff, #1a2029);
          --text: light-dark(#1b2330, #e8ecf3);
          --quiet: light-dark(#566176, #a3aec0);
          --line: light-dark(#d9dfe9, #303947);
          --accent: light-dark(#2450c8, #8fb0ff);
          --on-accent: light-dark(#ffffff, #0c1733);
          --warn: light-dark(#fff5dd, #33290f);
          --warn-line: light-dark(#d49a1c, #c99a3c);
          --bad: light-dark(#fdeaea, #3a1b1d);
          --bad-line: light-dark(#c43838, #e27272);
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; place-items: center; padding: 1.5rem 1rem;
          background: var(--ground); color: var(--text);
          font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
          overflow-wrap: anywhere;
        }
        main {
          width: 100%; max-width: 29rem; padding: 2rem; background: var(--card);
          border: 1px solid var(--line); border-radius: 1rem;
          box-shadow: 0 1px 2px rgb(0 0 0 / .06), 0 1rem 2.5rem -1rem rgb(0 0 0 / .18);
        }
        .service { margin: 0 0 1.25rem; color: var(--quiet); font-size: .875rem; font-weight: 600; }
        .service::before {
          content: ""; display: inline-block; width: .6rem; height: .6rem; margin-right: .5rem;
          border-radius: 50%; background: var(--accent);
        }
        h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em; text-wrap: balance; }
        h1 bdi { color: var(--accent); }
        h2 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
        p { margin: 0 0 1rem; }
        main > :last-child { margin-bottom: 0; }
        ul { margin: 0; padding: 0; list-style: none; border: 1px solid var(--line); border-radius: .625rem; }
        li { padding: .65rem .9rem; }
        li + li { border-top: 1px solid var(--line); }
        dl { margin: 1.5rem 0; display: grid; gap: .75rem; }
        dt { color: var(--quiet); font-size: .875rem; }
        dd { margin: 0; }
        code { font: .875em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
        small, .quiet { color: var(--quiet); font-size: .875rem; }
        li code { display: block; color: var(--quiet); }
        .note { padding: .75rem .9rem; border-left: .25rem solid var(--warn-line); border-radius: .375rem; background: var(--warn); }
        .bad { border-color: var(--bad-line); background: var(--bad); }
        label { display: block; margin-bottom: .3rem; font-weight: 600; }
        input {
          width: 100%; margin-bottom: 1rem; padding: .65rem .75rem; font: inherit; color: inherit;
          background: var(--ground); border: 1px solid var(--quiet); border-radius: .5rem;
        }
        .choice { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
        button, .button {
          flex: 1 1 8rem; padding: .7rem 1rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer;
          color: var(--text); background: transparent; border: 1px solid var(--quiet); border-radius: .5rem;
        }
        .first { color: var(--on-accent); background: var(--accent); border-color: var(--accent); }
        .link { padding: 0; border: 0; font-weight: inherit; font-size: inherit; color: var(--accent); text-decoration: underline; }
        button:hover, .button:hover { filter: brightness(.94); }
        a { color: var(--accent); }
        :focus-visible { outline: .1875rem solid var(--accent); outline-offset: .1875rem; }
        .who { margin: 1.25rem 0 0; color: var(--quiet); font-size: .875rem; }
        @media (max-width: 30rem) {
          body { padding: 0; place-items: stretch; }
          main { max-width: none; padding: 1.5rem 1.25rem; border: 0; border-radius: 0; box-shadow: none; }
        }
        """;

    /// <summary>Its digest, as a content security policy names it.</summary>
    public static string Digest { get; } = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Sheet)))}'";
}
