"""Every setting of ours, and every one of Scrapy's that differs from Scrapy's own, each with its
meaning or reason. `-s NAME=VALUE` on the command line overrides.

docs/settings.md is made of this file (`python -m tests.generated_docs`): a heading of each
`# --- section ---`, and the meaning of a setting from the comment behind it or in the lines above.
"""

from importlib.metadata import version

# --- the program ---
BOT_NAME = "zhengwen"  # the name in the log
SPIDER_LOADER_CLASS = "crawler.loader.PlatformLoader"  # `scrapy list` names the platforms

# --- the archive ---
ARCHIVE = None  # folder of the archive; None: $ZHENGWEN_ARCHIVE, else the current folder
OPERATOR = None  # who runs this archive, for warcinfo and the user agent
CONTACT = None  # where the operator can be reached; None: $ZHENGWEN_CONTACT; needed
WARC_MAX_SIZE = 10**9  # bytes after which the next record starts a new file
# True: chunked bodies as framed on the wire; most readers then see the chunk sizes
WARC_KEEP_CHUNKS = False
MEDIA_ENABLED = True  # fetch the pictures of article bodies
MEDIA_MAX_SIZE = 10 * 2**20  # bytes of one picture
MEDIA_PER_ARTICLE = 40  # pictures of one article
PAGES_PER_ARTICLE = 50  # pages of an article that is on several
CAPTURE_RECORDER = "crawler.wire.recorder.Recorder"  # what `capture` hands every exchange to

# fetch stylesheets, what they import and name, and icons, so that pages replay as they looked
REQUISITES_ENABLED = True
REQUISITES_PER_PAGE = 40  # stylesheets, pictures and icons of one page, or of one stylesheet

# --- what is asked for ---
# days; entries this young are walked again though they are known: some come in late, with an
# earlier date
OVERLAP_DAYS = 3
FULL_WALK_DAYS = 30  # a listing is walked to its end again after so many days; 0: never
# ages at which a known article is checked again; the last repeats; "": never
RECHECK = "1h 6h 1d 3d 7d 14d 30d 90d 365d+"
# pages of a listing that one walk reads; a list that goes on is reported as endless
LISTING_PAGES = 10_000
LISTING_PAGE_ENTRIES = 50_000  # entries of one page, feed or sitemap that are read; likewise
LISTING_ENTRIES = 200_000  # entries of all pages that one walk reads; likewise
RECHECK_MAX = 7000  # known articles of a platform that one run checks; the most overdue first

# --- what a run may spend; 0 or nothing: no limit ---
MAX_REQUESTS = 0  # requests of one run, of all kinds
MAX_TIME = ""  # time that a run takes, such as 30m or 2h
MAX_BYTES = ""  # bytes of bodies as they come over the wire, such as 2GB
# bytes that stay free on the disk: a run ends while there is still room to write down how it
# ended
MIN_FREE_DISK = "500MB"

# --- politeness ---
# CONTACT is replaced by the contact. Hosts refuse agents of another form than this one (seen at
# people.com.cn, 81.cn and others), which is that of well-known crawlers and honest.
USER_AGENT = f"Mozilla/5.0 (compatible; Zhengwen/{version('zhengwen')}; +CONTACT)"
ROBOTSTXT_OBEY = True  # no one may be crawled against their word
ROBOTSTXT_USER_AGENT = "Zhengwen"  # the name that a robots.txt would use
# bytes of a robots.txt (RFC 9309 wants 500 KiB at least); a longer one forbids everything
ROBOTSTXT_MAXSIZE = 500 * 2**10
DOWNLOAD_DELAY = 1.0  # seconds between two requests to a host; Crawl-delay raises it
# seconds of a Crawl-delay; a host that asks for more is not asked in this run
CRAWL_DELAY_MAX = 120
DOWNLOAD_DELAY_JITTER = 0  # part of the delay that may vary: none, never sooner than the delay
CONCURRENT_REQUESTS = 8  # requests at a time, over all hosts
# requests to one host at a time: a slow answer does not stop the host's queue
CONCURRENT_REQUESTS_PER_DOMAIN = 2
RETRY_TIMES = 3  # tries after the first one
# statuses after which a request is tried again; 403 is an answer, not an accident
RETRY_HTTP_CODES = [408, 429, 500, 502, 503, 504, 522, 524]
# seconds that a run waits for a host; after a longer Retry-After it is not asked any more
RETRY_AFTER_WAIT = 120
RETRY_AFTER_MAX = 86_400  # seconds of a Retry-After that are believed, a day at most
BLOCKS_IN_A_ROW = 3  # refusals after which a host is not asked any more in this run; 0: never
# what all crawls of this machine owe to hosts; None: zhengwen/hosts in the user's state folder
HOST_STATE_DIR = None
NIGHT_WINDOW = ""  # hours in which a crawl may run, such as "22:00-06:00 Asia/Shanghai"; "": all

# --- a cluster ---
# address of the Redis that several machines crawl with, such as redis://queue.example:6379/0
# (`zhengwen crawl --cluster`); None: this machine crawls alone
CLUSTER = None
# name of this archive's worker; None: the host's with a random end, kept in the archive's .worker
CLUSTER_WORKER = None
# seconds after its last sign of life, from which on a worker is dead and others do what it had
CLUSTER_LEASE = 60

# --- private networks ---
# networks that a crawl may reach though they are not reachable from everywhere, such as
# "10.20.0.0/16,fd00:20::/32"; "": none
ALLOW_NETWORKS = ""

# --- faithful capture ---
# what fetches a URL of each scheme
DOWNLOAD_HANDLERS = {
    "http": "crawler.wire.capture.CaptureHandler",  # sees the bytes of the wire
    "https": "crawler.wire.capture.CaptureHandler",
    "file": None,  # a crawl fetches from the web and from nowhere else
    "data": None,
    "ftp": None,
    "s3": None,
}
# headers of every request
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip",  # WARC readers and replay fail on br and zstd
}
# names are resolved to addresses of IPv4 and IPv6
TWISTED_DNS_RESOLVER = "crawler.wire.connection.AddressResolver"
DOWNLOAD_VERIFY_CERTIFICATES = True  # an archive must know whose answer it stores
# hosts whose certificate may have expired, such as "www.gov.example"; its names and its issuer are
# verified as ever
OLD_CERTIFICATES = ""
DOWNLOAD_TIMEOUT = 60  # seconds for one answer
# bytes of one answer as it comes, larger ones are cut and marked; and of one that is decompressed,
# larger ones are stored as they came and not read
DOWNLOAD_MAXSIZE = 64 * 2**20
# bytes of the head of an answer, the 1xx answers before it included; at most 64 KiB, which is what
# a reader of the WARC looks for the end of a head in
RESPONSE_HEAD_MAXSIZE = 64 * 2**10
RESPONSE_HEADERS_MAX = 500  # header fields of an answer, those of the 1xx answers included
REDIRECT_MAX_TIMES = 10  # redirects that one request follows
# bytes of a body that is warned of; 0: none, because a large picture is no reason for a warning
DOWNLOAD_WARNSIZE = 0
HTTPERROR_ALLOW_ALL = True  # a 404 is evidence and the spider reads it
METAREFRESH_ENABLED = False  # a redirect written into a page is the page's content
HTTPCACHE_ENABLED = False  # a cached answer was not received today

# --- the parts ---
# what runs next to the spiders, in this order
EXTENSIONS = {
    "crawler.wire.recorder.Recorder": 0,  # first in, so that nothing is fetched unrecorded
    "crawler.hosts.network_guard.NetworkGuard": 5,
    "crawler.hosts.throttle.Throttle": 5,
    "crawler.hosts.crawl_delay.CrawlDelay": 10,
    "crawler.budget.RunBudget": 15,
    "crawler.progress.ProgressLine": 20,
}
# what each request passes on its way to the wire, in this order, and each response on its way back;
# None: one of Scrapy's own that is taken out
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # ours is stricter
    # before robots.txt is asked for, on a host that is not ours to ask
    "crawler.hosts.own_hosts.OwnHosts": 50,
    # asks the network for the public suffix list
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.hosts.cookies.SessionMiddleware": 700,
    # ours forbids everything where a robots.txt cannot be had
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.hosts.robots.RobotsMiddleware": 100,
    # Scrapy's two drop what they do not follow or read without a reason
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.hosts.redirects.Redirects": 600,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.hosts.decompression.Decompression": 590,
    # nearest to the wire: it must see every answer
    "crawler.hosts.throttle_middleware.ThrottleMiddleware": 950,
}
# some platforms answer 403 to a visitor without the cookie they have just set
COOKIES_ENABLED = True
COOKIES_PER_HOST = 50  # cookies that are kept of one domain (RFC 6265 wants 50 at least)
COOKIES_MAXSIZE = 8 * 2**10  # bytes of cookies that are kept of one domain, and sent to a host
TELNETCONSOLE_ENABLED = False  # no door into a running crawl
REMOTE_CONTROL_ENABLED = False  # nor another
LOG_LEVEL = "INFO"  # level of the log file; standard error gets errors only
